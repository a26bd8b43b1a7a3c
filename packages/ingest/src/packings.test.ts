import { readFileSync } from "node:fs";
import { InputError } from "@tidemark/data";
import { expect, test } from "vitest";
import { ingestFiles, refusal } from "./testing.ts";

const packed = (name: string): Buffer => readFileSync(new URL(`../fixtures/formats/${name}`, import.meta.url));
const plain = packed("tiny.lackey.txt");

test.each([
  "tiny.lackey.txt.xz",
  "two-streams.lackey.txt.xz",
  "tiny.lackey.txt.zst",
  "two-frames.lackey.txt.zst",
  "tiny.lackey.txt.lz4",
  "two-frames.lackey.txt.lz4",
])("%s: what xz, zstd and lz4 have packed is what it was", async (name) => {
  const { accesses } = await ingestFiles({ f: packed(name) });
  expect(accesses).toHaveLength(23);
  expect(accesses).toEqual((await ingestFiles({ f: plain })).accesses);
});

test.each(["tiny.lackey.txt.xz", "tiny.lackey.txt.zst"])("%s: cut anywhere it is refused", async (name) => {
  const bytes = packed(name);
  for (let length = 12; length < bytes.length; length += 5)
    expect(await refusal(bytes.subarray(0, length), { format: "lackey" })).toMatch(/^f: is damaged or cut short \(/);
});

test("packed by xz and damaged anywhere, it is what it was or refused", async () => {
  const whole = await ingestFiles({ f: plain });
  for (let at = 6; at < packed("tiny.lackey.txt.xz").length; at += 3) {
    const bytes = packed("tiny.lackey.txt.xz");
    bytes[at] ^= 0x5a;
    const result = await ingestFiles({ f: bytes }, { format: "lackey" }).catch((error: unknown) => String(error));
    if (typeof result === "string") expect(result).toMatch(/: f: is (damaged or cut short \(xz error|packed with)/);
    else expect(result.accesses).toEqual(whole.accesses);
  }
});

test("packed by zstd and damaged, it is a trace or one line of refusal: its checksum is not checked", async () => {
  for (let at = 4; at < packed("tiny.lackey.txt.zst").length; at += 7) {
    const bytes = packed("tiny.lackey.txt.zst");
    bytes[at] ^= 0x5a;
    await ingestFiles({ f: bytes }, { format: "lackey" }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).not.toContain("\n");
    });
  }
});

test("a check that cannot be made is refused, with what would do", async () => {
  expect(await refusal(packed("sha256.lackey.txt.xz"))).toBe(
    "f: is packed with a filter or a check that cannot be read; pack it again with: xz -dc FILE | xz > NEW.xz",
  );
});

test("zstd with a window beyond 128 MiB is refused, as zstd -d refuses it; one of 128 MiB is read", async () => {
  // Magic, no content size, a window of 2^(10 + exponent) bytes, and one block as it is.
  const frame = (exponent: number): Buffer => {
    const text = Buffer.from("time_ns,gva\n1,0x1000\n");
    const block = (text.length << 3) | 1;
    return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3, block & 0xff, block >> 8, 0]), text]);
  };
  expect((await ingestFiles({ f: frame(17) })).accesses).toHaveLength(1);
  expect(await refusal(frame(20))).toBe(
    "f: has a window of 1024 MiB, and at most 128 MiB are unpacked here; unpack it first: zstd -d --long=31",
  );
});
