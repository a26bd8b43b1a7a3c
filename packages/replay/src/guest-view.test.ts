import type { MeminfoRow } from "@tidemark/data";
import { expect, test } from "vitest";
import { guestView, lastSampleAt } from "./guest-view.ts";
import { traceOf } from "./testing.ts";

const row = (timeNs: number, counter: string, value: number, vm = 0, unit = "kB"): MeminfoRow => ({ timeNs, vm, counter, value, unit });
const viewOf = (meminfo: readonly MeminfoRow[], vm = 0) => guestView(traceOf({ vms: ["a", "b"], touches: [], meminfo }), vm, 65_536, 0);

test("a sample in pages", async () => {
  const meminfo = [
    row(5, "MemTotal", 223_660),
    row(5, "MemFree", 182_700),
    row(5, "MemAvailable", 178_000),
    row(5, "Buffers", 0),
    row(5, "Cached", 23_892),
    row(5, "AnonPages", 436),
    row(5, "Slab", 9_280),
    row(5, "HugePages_Total", 3, 0, ""),
    row(5, "Slab", 77, 0, ""), // a count, not memory
    row(5, "MemTotal", 4, 1),
  ];
  expect(await viewOf(meminfo)).toEqual([
    {
      timeNs: 5,
      totalPages: 55_915,
      freePages: 45_675,
      usedPages: 10_240, // 40.0 MiB
      availablePages: 44_500,
      cachedPages: 5_973,
      anonymousPages: 109,
      slabPages: 2_320,
      outsidePages: 9_621, // 37.6 MiB
    },
  ]);
});

test("samples are in order of time, counters that are missing unknown", async () => {
  const samples = await viewOf([row(9, "MemTotal", 4), row(3, "MemTotal", 8), row(9, "MemFree", 4)], 0);
  expect(samples.map(({ timeNs, totalPages, usedPages }) => [timeNs, totalPages, usedPages])).toEqual([
    [3, 2, NaN],
    [9, 1, 0],
  ]);
  expect(samples[0].cachedPages).toBeNaN();
  expect(await viewOf([row(9, "MemTotal", 4)], 1)).toEqual([]);
});

test("the last sample is the one at or before the instant", async () => {
  const samples = await viewOf([10, 20, 30].map((t) => row(t, "MemTotal", 4 * t)));
  expect([0, 9, 10, 11, 19, 20, 29, 30, 99].map((t) => lastSampleAt(samples, t)?.timeNs)).toEqual([
    undefined,
    undefined,
    10,
    10,
    10,
    20,
    20,
    30,
    30,
  ]);
  expect(lastSampleAt([], 5)).toBeUndefined();
});
