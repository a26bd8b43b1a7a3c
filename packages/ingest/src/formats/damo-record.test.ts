import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles, refusal } from "../testing.ts";
import { damoRecord } from "./damo-record.ts";

const region = (start: string, end: string, accesses: object): object => ({
  start,
  end,
  nr_accesses: accesses,
  age: { usec: null, aggr_intervals: "0" },
});
const looks = (samples: number): object => ({ samples, percent: null });
const record = (target: number | null | undefined, snapshots: object[]): object => ({
  kdamond_idx: null,
  context_idx: null,
  intervals: null,
  scheme_idx: null,
  target_id: target,
  snapshots,
});
const snapshot = (end: string, ...regions: object[]): object => ({ start_time: "0", end_time: end, regions });

formatLaws(
  damoRecord,
  `[{"kdamond_idx": null, "target_id": 0, "snapshots": [{"start_time": "1", "end_time": "9", "regions": [
{"start": "4,096", "end": "12,288", "nr_accesses": {"samples": 3}}, {"start": "12288", "end": "16384", "nr_accesses": {"samples": 0}}, {"start": "16384", "end": "20480"}]}]}]`,
);

test("records of several targets follow each other; --sort brings their times together", async () => {
  const text = JSON.stringify([
    record(0, [snapshot("10", region("4096", "8192", looks(1))), snapshot("20", region("4,096", "8,192", looks(2)))]),
    record(1, [snapshot("15", region("140,737,488,289,792", "140,737,488,293,888", looks(3)))]),
  ]);
  expect(await refusal(text)).toBe(
    "f: row 3: region 7fffffff0000-7fffffff1000 ends beyond 2^44 bytes, and the regions before it are of physical memory",
  );
  const processes = text.replace('"4096"', '"140,737,488,281,600"').replace('"8192"', '"140,737,488,285,696"');
  expect(await refusal(processes)).toBe("f: row 3: time 15 ns is before 20 ns on row 2; sort the input, or pass --sort");
  const { accesses } = await ingestFiles({ f: processes }, { sort: true });
  expect(accesses.map((row) => row.replace(/ [0-9a-f]+ ×/, " ×"))).toEqual([
    "10 vm/0 R 0:7ffffffee ×1",
    "15 vm/0 R 1:7fffffff0 ×3",
    "20 vm/0 R 0:1 ×2",
  ]);
});

test("a record without a target is known by its position", async () => {
  const at = (end: string): object => snapshot(end, region("140,737,488,289,792", "140,737,488,293,888", looks(1)));
  const { accesses } = await ingestFiles({ f: JSON.stringify([record(7, [at("10")]), record(undefined, [at("20")])]) });
  expect(accesses).toEqual(["10 vm/0 R 7:7fffffff0 0 ×1", "20 vm/0 R 1:7fffffff0 1 ×1"]);
});

test("packed by zlib it is the same, and damaged there it is refused", async () => {
  const text = JSON.stringify([record(null, [snapshot("10", region("4096", "8192", looks(1)))])]);
  const packed = deflateSync(text);
  expect((await ingestFiles({ f: packed })).accesses).toEqual((await ingestFiles({ f: text })).accesses);
  for (const length of [packed.length - 1, packed.length >> 1])
    expect(await refusal(packed.subarray(0, length))).toMatch(/^f: is damaged or cut short/);
});

test("a share of the looks in the place of their number is one access", async () => {
  const of = (percent: number): object => region("4096", "8192", { samples: null, percent });
  const { accesses } = await ingestFiles({
    f: JSON.stringify([record(0, [snapshot("1", of(0)), snapshot("2", of(0.4)), snapshot("3", of(100))])]),
  });
  expect(accesses).toEqual(["2 vm/0 R 0:1 1 ×1", "3 vm/0 R 0:1 1 ×1"]);
});

test("times of today are too late for a trace without an origin", async () => {
  const text = JSON.stringify([record(0, [snapshot("1748191729781395200", region("4096", "8192", looks(1)))])]);
  expect(await refusal(text)).toBe(
    "f: end_time 1748191729781395200 is 2^53 ns (104 days) or later; subtract an origin, for example --time-origin 1748191729000000000",
  );
});

test.each([
  [
    '[{"kdamond_idx": 0, "snapshots": [{"regions": [{"start": "1", "end": "2"}]}]}]',
    "f: has regions before the end_time of their snapshot",
  ],
  [
    '[{"kdamond_idx": 0, "snapshots": [{"end_time": "5", "regions": [{"start": "x", "end": "2"}]}]}]',
    "f: row 1: is a region without start and end",
  ],
  ['[{"kdamond_idx": 0 "snapshots"', "f: is no JSON at byte 19 (expected a comma or an end)"],
  ['[{"kdamond_idx": 0}]', "f: has no rows"],
])("refuses %j", async (text, message) => expect(await refusal(text)).toBe(message));
