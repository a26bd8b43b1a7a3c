import { readFileSync } from "node:fs";
import { InputError } from "@tidemark/data";
import { expect, test } from "vitest";
import { ingestFiles } from "./testing.ts";
import { isLz4, unlz4 } from "./unlz4.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/formats/${name}`, import.meta.url));
const tiny = fixture("tiny.lackey.txt.lz4");
const plain = fixture("tiny.lackey.txt").toString();

/** All that bytes unpack to, or the one line that says why they do not; the first `headBytes` have been read before. */
async function unpacked(bytes: Uint8Array, headBytes = 5): Promise<string> {
  let at = Math.min(headBytes, bytes.length);
  const read = unlz4("f", bytes.subarray(0, at), async (into, to, length) => {
    const piece = bytes.subarray(at, at + Math.min(length, 100));
    at += piece.length;
    into.set(piece, to);
    return piece.length;
  });
  const out = Buffer.alloc(1 << 18);
  let length = 0;
  try {
    for (let got = -1; got !== 0; length += got) got = await read(out, length, out.length - length);
  } catch (error) {
    if (error instanceof InputError && !error.message.includes("\n")) return error.message;
    throw error;
  }
  return out.toString("latin1", 0, length);
}

test("one frame, several, and a skippable one between them", async () => {
  for (const name of ["tiny.lackey.txt.lz4", "two-frames.lackey.txt.lz4"]) {
    expect(isLz4(fixture(name))).toBe(true);
    for (const headBytes of [4, 300, 10_000]) expect(await unpacked(fixture(name), headBytes)).toBe(plain);
  }
});

test("a skippable frame in front of one, which may be of zstd as well", async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  expect(isLz4(Buffer.concat([skippable, skippable, tiny]))).toBe(true);
  expect(isLz4(Buffer.concat([skippable, Buffer.from([0x28, 0xb5, 0x2f, 0xfd])]))).toBe(false);
  const { accesses } = await ingestFiles({ f: Buffer.concat([skippable, tiny]) });
  expect(accesses).toEqual((await ingestFiles({ f: tiny })).accesses);
});

test("blocks that refer to the blocks before them", async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => ` S ${(0x400000 + ((i * i) % 251) * 4096).toString(16).padStart(8, "0")},8\n`);
  const packed = fixture("linked.lackey.txt.lz4");
  expect(await unpacked(packed)).toBe(lines.join(""));
  const { manifest } = await ingestFiles({ f: packed });
  expect(manifest.vms[0]).toMatchObject({ writes: 10_000, virtualPages: new Set(lines).size });
});

test.each(["tiny.lackey.txt.lz4", "linked.lackey.txt.lz4"])("%s: cut at any byte it is refused", async (name) => {
  const whole = fixture(name);
  for (let length = 4; length < whole.length; length++)
    expect(await unpacked(whole.subarray(0, length))).toBe("f: is damaged or cut short (it ends within an LZ4 frame)");
});

test("two frames cut between them are the first; cut anywhere else they are refused", async () => {
  const whole = fixture("two-frames.lackey.txt.lz4");
  const boundaries: number[] = [];
  for (let length = 4; length < whole.length; length++) {
    const result = await unpacked(whole.subarray(0, length));
    if (plain.startsWith(result)) boundaries.push(length);
    else expect(result).toBe("f: is damaged or cut short (it ends within an LZ4 frame)");
  }
  const skippable = whole.indexOf("hello");
  expect(boundaries).toEqual([skippable - 8, skippable + 5]);
});

test.each(["tiny.lackey.txt.lz4", "linked.lackey.txt.lz4"])("%s: with any byte damaged it is what it was, or refused", async (name) => {
  const whole = fixture(name);
  const undamaged = await unpacked(whole);
  let refused = 0;
  for (let at = 4; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 0x5a;
    const result = await unpacked(bytes);
    if (result === undamaged) continue;
    refused++;
    expect(result).toMatch(/^f: is damaged or cut short \(.*LZ4 (frame|block).*\)$/);
  }
  // Another distance may lead to the same bytes.
  expect(refused).toBeGreaterThan(0.9 * (whole.length - 4));
});

test("a block with a checksum of its own is refused for it", async () => {
  const bytes = fixture("two-frames.lackey.txt.lz4");
  const second = bytes.indexOf("hello") + 5;
  const endMark = bytes.lastIndexOf(Buffer.alloc(4), second - 8 - 5);
  bytes[endMark - 1] ^= 1;
  expect(await unpacked(bytes)).toBe("f: is damaged or cut short (the checksum of an LZ4 block does not fit)");
});

test("a head that makes sense is refused where its check does not fit", async () => {
  const bytes = fixture("tiny.lackey.txt.lz4");
  bytes[5] ^= 0x10; // blocks of another size
  expect(await unpacked(bytes)).toBe("f: is damaged or cut short (the head of an LZ4 frame makes no sense)");
});

test("something else behind a frame is refused", async () => {
  expect(await unpacked(Buffer.concat([fixture("tiny.lackey.txt.lz4"), Buffer.from("more")]))).toBe(
    "f: is damaged or cut short (no LZ4 frame where one should begin)",
  );
});

test("a frame that takes a dictionary is refused, with what would do", async () => {
  // The check of the head: echo 614000000000 | xxd -r -p | xxhsum -H32
  expect(await unpacked(Buffer.from("04224d18614000000000a000000000", "hex"))).toBe(
    "f: is packed by lz4 with a dictionary; unpack it first: lz4 -d -D DICTIONARY",
  );
});
