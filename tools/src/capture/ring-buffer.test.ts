import { expect, test } from "vitest";
import { readRingBuffer } from "./ring-buffer.ts";

const formats = new Map([
  ["mm_page_alloc", "name: mm_page_alloc\nID: 500\nformat:\n"],
  ["mm_page_free", "name: mm_page_free\nID: 501\nformat:\n"],
]);

/** An event's data: type, flags, pid, then what kmem's events have at bytes 8, 16, 24 and 32. */
function data(type: number, pid: number, ppn: bigint, order: number, gfp = 0n, migratetype = 0): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.writeBigUInt64LE(ppn, 8);
  bytes.writeUInt32LE(order, 16);
  bytes.writeBigUInt64LE(gfp, 24);
  bytes.writeInt32LE(migratetype, 32);
  return bytes;
}

const word = (kind: number, since: number, next?: number): Buffer => {
  const bytes = Buffer.alloc(next === undefined ? 4 : 8);
  bytes.writeUInt32LE(((since << 5) | kind) >>> 0, 0);
  if (next !== undefined) bytes.writeUInt32LE(next, 4);
  return bytes;
};
/** Length in words in the first word, or, larger, in the second. */
const short = (since: number, bytes: Buffer): Buffer => Buffer.concat([word(bytes.length / 4, since), bytes]);
const long = (since: number, bytes: Buffer): Buffer => Buffer.concat([word(0, since, bytes.length + 4), bytes]);

function pageOf(timeNs: bigint, missed: boolean, ...events: readonly Buffer[]): Buffer {
  const page = Buffer.alloc(4096);
  const all = Buffer.concat(events);
  page.writeBigUInt64LE(timeNs, 0);
  page.writeUInt32LE((all.length | (missed ? 2 ** 31 : 0)) >>> 0, 8);
  all.copy(page, 16);
  return page;
}

test("times go on from event to event, over extensions and absolute stamps, and begin anew on every page", () => {
  const raw = Buffer.concat([
    pageOf(
      1_000n,
      false,
      short(5, data(500, 7, 300n, 2, 0xcc0n, 1)),
      word(30, 3, 2),
      long(10, data(501, 8, 300n, 2)),
      word(31, 1, 4),
      short(1, data(777, 9, 1n, 0)),
      short(1, data(500, -1, 4_294_967_296n, 0, 0x1n, -1)),
      word(29, 0),
    ),
    pageOf(9_000n, false, short(0, data(501, 7, 5n, 0))),
  ]);
  const { csv, allocs, frees } = readRingBuffer(raw, formats, "raw");
  const extended = 1_005 + 2 * 2 ** 27 + 3 + 10;
  const stamped = 4 * 2 ** 27 + 1 + 2;
  expect(csv.split("\n")).toEqual([
    "time_ns,event,gpfn,order,pid,gfp,migratetype",
    "1005,alloc,300,2,7,0xcc0,1",
    `${extended},free,300,2,8,,`,
    `${stamped},alloc,4294967296,0,-1,0x1,-1`,
    "9000,free,5,0,7,,",
    "",
  ]);
  expect([allocs, frees]).toEqual([2, 2]);
});

test("lost events and other bytes are refused", () => {
  expect(() => readRingBuffer(pageOf(1n, true), formats, "raw")).toThrow(
    "raw: the guest's kernel lost events; give it a larger trace buffer",
  );
  const wrong = pageOf(1n, false);
  wrong.writeUInt32LE(5_000, 8);
  expect(() => readRingBuffer(wrong, formats, "raw")).toThrow("raw: page 0 is no page of a ring buffer");
});
