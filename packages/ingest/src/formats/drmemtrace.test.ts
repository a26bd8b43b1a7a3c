import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { drmemtrace } from "./drmemtrace.ts";

type Entry = readonly [type: number, size: number, address: number | bigint];

/** Records as `trace_entry_t` lays them out: u16 type, u16 size, u64 address; of 32-bit programs u32. */
function records(entries: readonly Entry[], addressBytes: 4 | 8 = 8): Buffer {
  const size = 4 + addressBytes;
  const bytes = Buffer.alloc(entries.length * size);
  entries.forEach(([type, n, address], i) => {
    bytes.writeUInt16LE(type, i * size);
    bytes.writeUInt16LE(n, i * size + 2);
    if (addressBytes === 8) bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(address)), i * size + 4);
    else bytes.writeUInt32LE(Number(address), i * size + 4);
  });
  return bytes;
}

const HEADER: Entry = [25, 0, 4];
const THREAD: Entry = [22, 4, 0x64];
const PID: Entry = [24, 4, 0x64];
const FOOTER: Entry = [26, 0, 0];
const timestamp = (us: number | bigint): Entry => [28, 2, us];
const START: readonly Entry[] = [HEADER, [28, 12, 4], [28, 9, 0x240], THREAD, PID, [28, 18, 4096], timestamp(5), [28, 3, 7]];

formatLaws(
  drmemtrace,
  records([
    HEADER,
    THREAD,
    PID,
    timestamp(5),
    [10, 4, 0x401000],
    [0, 8, 0x7fff_0000_1ffc],
    [10, 2, 0x401004],
    [1, 8, 0x7fff_0000_1000],
    FOOTER,
  ]),
);

test("records as DynamoRIO's own trace_entry.h lays them out and numbers them, packed by lz4", async () => {
  // lz4 -dc touch.drmemtrace.lz4 | od -A n -t u2 -v -w12 | awk '{p = int($3 / 4096) + 16 * $4 + 1048576 * $5} $1 == 10 {x++} $1 == 0 {r++} $1 == 1 {w++}
  //   $1 == 10 || $1 < 2 {page[p]} END {print NR, x, r, w, length(page)}'
  const [rows, fetches, reads, writes, virtualPages] = [4028, 2967, 668, 378, 100];
  const { manifest, summary } = await ingestFiles({
    f: readFileSync(new URL("../../fixtures/formats/touch.drmemtrace.lz4", import.meta.url)),
  });
  expect(manifest.sources[0]).toMatchObject({ format: "drmemtrace", rows, rejected: 0 });
  expect(manifest.vms[0]).toMatchObject({ fetches, reads, writes, virtualPages });
  // Two buffers, 200 µs apart.
  expect([summary.firstNs, summary.lastNs].map((ns) => Math.floor((ns ?? 0) / 1e5))).toEqual([10_000, 10_002]);
});

/** Everything but the VM's name. */
const told = (rows: readonly string[]): string[] => rows.map((row) => row.replace(" vm/", " "));

test("instructions take 1 ns, data is accessed with them; an access over a page's end is one to each", async () => {
  const { accesses, manifest } = await ingestFiles({
    f: records([
      ...START,
      [47, 3, 0xe78948],
      [10, 3, 0x401000],
      [0, 16, 0x7fff_0000_1ff8],
      [14, 5, 0x401ffd],
      [1, 8, 0xffff_ffff_ff60_0ff8n],
      [29, 2, 0x401000],
      [1, 0, 0x5000],
      [2, 64, 0x9000],
      [48, 2, 0x402002],
      FOOTER,
    ]),
  });
  expect(told(accesses)).toEqual([
    "5001 7 X 64:401 0 ×1",
    "5001 7 R 64:7fff00001 1 ×1",
    "5001 7 R 64:7fff00002 2 ×1",
    "5002 7 X 64:401 0 ×1",
    "5002 7 X 64:402 3 ×1",
    "5002 7 W 64:ffffffffff600 4 ×1",
    "5003 7 W 64:5 5 ×1",
    "5004 7 X 64:402 3 ×1",
  ]);
  expect(manifest.sources[0].notes).toEqual(["not stored: 1 prefetches and flushes"]);
  expect(manifest.synthesised).toEqual([
    "times are those of the tracer's buffers: behind each, one instruction = 1 ns",
    "user mode of one program: no kernel, no page cache, no other process",
  ]);
});

test("bundles, threads that take turns, and times that do not go back", async () => {
  const { accesses } = await ingestFiles({
    f: records([
      HEADER,
      THREAD,
      PID,
      timestamp(1),
      [10, 4, 0x400ffc],
      // Three instructions of 1, 2 and 5 bytes.
      [17, 3, 0x05_02_01],
      [22, 4, 0x65],
      [24, 4, 0x99],
      timestamp(0),
      [10, 1, 0x1000],
      [22, 4, 0x64],
      [10, 0, 0x2000],
      [0, 4, 0x3000],
      FOOTER,
    ]),
  });
  expect(told(accesses)).toEqual([
    "1001 0 X 64:400 0 ×1",
    "1002 0 X 64:401 1 ×1",
    "1003 0 X 64:401 1 ×1",
    "1004 0 X 64:401 1 ×1",
    "1005 0 X 99:1 2 ×1",
    "1005 0 R 64:3 3 ×1",
  ]);
});

test("physical addresses that the trace tells, for each page before its first access and where it moves", async () => {
  const at = (physical: number, virtual: number): Entry[] => [
    [28, 15, physical],
    [28, 17, virtual],
  ];
  const { accesses, manifest } = await ingestFiles({
    f: records([
      ...START,
      ...at(0x7000, 0x401000),
      [10, 4, 0x401000],
      [28, 16, 0x5000],
      [0, 4, 0x5000],
      ...at(0x9000, 0x6000),
      [1, 8, 0x6ff8],
      ...at(0xb000, 0x6000),
      [0, 8, 0x6ff8],
      FOOTER,
    ]),
  });
  expect(told(accesses)).toEqual(["5001 7 X 64:401 7 ×1", "5001 7 W 64:6 9 ×1", "5001 7 R 64:6 b ×1"]);
  expect(manifest.vms[0].ppns).toBe("captured");
  expect(manifest.sources[0].notes).toEqual(["not stored: 1 accesses without a physical address, where others have one"]);
  const large = await ingestFiles({
    f: records([...START, [28, 18, 2 ** 21], ...at(0x40_0000, 0x7f00_0000_0000), [0, 4, 0x7f00_0012_3456], FOOTER]),
  });
  expect(told(large.accesses)).toEqual(["5000 7 R 64:7f0000123 523 ×1"]);
});

test("records of a 32-bit program have 8 bytes", async () => {
  const { accesses } = await ingestFiles({
    f: records([HEADER, THREAD, PID, [28, 9, 0x20], [10, 4, 0x8048000], [1, 4, 0xffffd00c], FOOTER], 4),
  });
  expect(told(accesses)).toEqual(["1 0 X 64:8048 0 ×1", "1 0 W 64:ffffd 1 ×1"]);
});

test("the chunks of a .zip are one trace, and a .gz is one", async () => {
  const body: Entry[] = Array.from({ length: 40 }, (_, i) => [10, 4, 0x401000 + 4 * i]);
  const plain = records([...START, ...body, FOOTER]);
  const whole = await ingestFiles({ f: plain });
  const cut = 12 * 20;
  for (const packed of [zipSync({ "chunk.0000": plain.subarray(0, cut), "chunk.0001": plain.subarray(cut) }), gzipSync(plain)]) {
    const { accesses, manifest } = await ingestFiles({ f: packed });
    expect(accesses).toEqual(whole.accesses);
    expect(manifest.sources.map(({ rows }) => rows)).toEqual([START.length + 41]);
  }
});

test("filters, and traces of instructions only, say so; a missing footer too", async () => {
  const { manifest } = await ingestFiles({ f: records([HEADER, [28, 9, 0x1184], THREAD, PID, [10, 4, 0x401000]]) });
  expect(manifest.synthesised.slice(1)).toEqual([
    "fetches only: reads and writes were not traced",
    "filtered accesses: those that hit the tracer's small cache are not there, or not at first",
  ]);
  expect(manifest.sources[0].notes).toEqual(["has no footer: it is cut short"]);
});

test("a timestamp is µs since 1601 and needs an origin", async () => {
  const trace = records([HEADER, THREAD, PID, timestamp(13_386_385_969_186_755n), [10, 4, 0x401000], FOOTER]);
  expect(await refusal(trace)).toBe(
    "f: timestamp 13386385969186755 µs since 1601 is 2^53 ns (104 days) or later; subtract an origin, the same for all threads: --time-origin 13386385969s",
  );
  // Such an origin is no whole number of ns in a double; what matters is that it is the same for all.
  const { accesses } = await ingestFiles({ f: trace }, { timeOriginNs: 13_386_385_969e9 });
  expect(Math.abs(Number(accesses[0].split(" ")[0]) - 186_755_001)).toBeLessThanOrEqual(1024);
  expect(await refusal(trace, { timeOriginNs: 2e19 })).toContain("is before the time origin");
});

test.each([
  [[50, 0, 0] as Entry, "f: row 9: is no record of drmemtrace (type 50)"],
  [[17, 9, 0] as Entry, "f: row 9: is a bundle of 9 instructions, and has room for 8"],
])("refuses %j", async (entry, message) => expect(await refusal(records([...START, entry, [10, 4, 0x401000], FOOTER]))).toBe(message));
