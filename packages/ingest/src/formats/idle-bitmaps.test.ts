import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { idleBitmaps } from "./idle-bitmaps.ts";

/** A bitmap of 8-byte words behind its heading; the numbers are the pages whose bits are set. */
const bitmap = (of: "marked" | "read", timeNs: number, words: number, ...pages: number[]): Buffer => {
  const bits = Buffer.alloc(8 * words);
  for (const page of pages) bits[page >> 3] |= 1 << (page & 7);
  return Buffer.concat([Buffer.from(`page_idle ${of} ${timeNs} ${bits.length}\n`), bits]);
};
const EXAMPLE = [
  bitmap("marked", 100, 1, 1, 2, 3, 9),
  bitmap("read", 1100, 1, 2, 9),
  bitmap("marked", 1200, 1, 1, 2, 3, 9),
  bitmap("read", 2200, 1, 1, 2, 3),
  bitmap("marked", 2300, 1, 1),
  bitmap("read", 3300, 1),
];
formatLaws(idleBitmaps, Buffer.concat(EXAMPLE));

test("a page that was idle after marking and is no longer so at the end was accessed in between", async () => {
  const { accesses, manifest } = await ingestFiles({ f: Buffer.concat(EXAMPLE) });
  expect(accesses).toEqual(["1100 vm/0 R 0:1 1 ×1", "1100 vm/0 R 0:3 3 ×1", "2200 vm/0 R 0:9 9 ×1", "3300 vm/0 R 0:1 1 ×1"]);
  expect(manifest.sources[0].rows).toBe(3);
  expect(manifest.vms[0]).toMatchObject({ order: "windowed", ppns: "captured", guestPhysicalPages: 3 });
});

test("bitmaps larger than a window", async () => {
  const words = 100_000;
  const pages = Array.from({ length: words }, (_, i) => 64 * i + (i % 64));
  const { summary, manifest } = await ingestFiles({
    f: Buffer.concat([bitmap("marked", 1, words, ...pages), bitmap("read", 2, words, ...pages.slice(1000))]),
  });
  expect([summary.accesses, manifest.vms[0].highestPpn]).toEqual([1000, pages[999]]);
});

test.each([
  ["read first", [EXAMPLE[1]], "f: row 1: has no bitmap before it that was read after marking"],
  ["read twice", [EXAMPLE[0], EXAMPLE[1], EXAMPLE[1]], "f: row 2: has no bitmap before it that was read after marking"],
  ["sizes that differ", [EXAMPLE[0], bitmap("read", 5, 2)], "f: row 1: has 16 bytes, and the bitmap read after marking 8"],
  [
    "no heading",
    [EXAMPLE[0], Buffer.from("x"), EXAMPLE[1]],
    'f: has no line "page_idle marked|read NANOSECONDS BYTES" where a bitmap should begin',
  ],
  ["no bytes", [Buffer.from("page_idle marked 1 0\n")], "f: a bitmap of 0 bytes (expected 1 to "],
  ["cut short", [EXAMPLE[0], EXAMPLE[1].subarray(0, -3)], "f: row 1: is cut short: 3 bytes of a bitmap are missing"],
  [
    "times of an epoch",
    [bitmap("marked", 1.7e18, 1, 1), bitmap("read", 1.7e18, 1)],
    "f: row 1: time 1700000000000000000 is 2^53 ns (104 days) or later",
  ],
  ["times that go back", [EXAMPLE[2], EXAMPLE[3], EXAMPLE[0], EXAMPLE[1]], "f: row 2: time 1100 ns is before 2200 ns on row 1"],
] as const)("refuses %s", async (_, parts, message) => {
  expect(await refusal(Buffer.concat(parts))).toContain(message);
});
