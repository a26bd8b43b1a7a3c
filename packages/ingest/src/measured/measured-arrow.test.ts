import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOST_COUNTERS, MEASURED_COUNTERS, measuredTable, rowsOf, tableOf, writeTable } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dumpOf, measuredIn, measuredLaws, refusalOf, sample, type Sample } from "../measured-laws.ts";
import { tableOfMeasured } from "../measured-table.ts";
import { measuredArrow } from "./measured-arrow.ts";

function written(rows: readonly Sample[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-arrow-"));
  try {
    writeTable(join(folder, "measured.arrow"), tableOf(measuredTable, rows));
    return readFileSync(join(folder, "measured.arrow"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const EXAMPLE = written([
  sample(0, "", { machine: 4096, free: 512, state: 1 }),
  sample(0, "web", { configured: 1024, consumed: 1000.25, swapin: 7 }),
  sample(20e9, "db", { consumed: 3 }),
  sample(20e9, "web", { configured: 1024, vmmemctl: 0 }),
]);

measuredLaws(measuredArrow, EXAMPLE);

test("the host, VMs, what is not known and fractions of a page come back as they were", async () => {
  const file = await measuredIn(EXAMPLE);
  expect(file.isOwnClock).toBe(true);
  expect(dumpOf(file)).toEqual([
    "0s  machine=4096 free=512 state=1",
    "0s db consumed=3",
    "0s web configured=1024 consumed=1000.25 swapin=7",
    "20s web configured=1024 vmmemctl=0",
  ]);
});

const ofVms = MEASURED_COUNTERS.filter((counter) => !HOST_COUNTERS.includes(counter) && !counter.startsWith("swap"));
const row = fc.record({
  time: fc.nat(2 ** 20).chain((a) => fc.nat(2 ** 30).map((b) => a * 2 ** 30 + b)),
  vm: fc.constantFrom("", "web", "=1+1", "שלום"),
  known: fc.dictionary(fc.constantFrom(...ofVms), fc.oneof(fc.constant(NaN), fc.double({ min: 0, max: 2 ** 40, noNaN: true }))),
});

test("any table that was written is read back the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(row, { minLength: 1, maxLength: 30, selector: ({ time, vm }) => `${time} ${vm}` }), async (made) => {
      const rows = made
        .map(({ time, vm, known }) => sample(time, vm, { ...known, granted: 1 }))
        .sort((a, b) => a.time - b.time || (a.vm < b.vm ? -1 : 1));
      const file = await measuredIn(written(rows));
      expect(rowsOf(tableOfMeasured([file], { startNs: undefined, originNs: 0, nameOf: (vm) => vm }))).toEqual(rows);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("a table of more bytes than are read at once is whole", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => sample(i * 1e6, "web", { granted: i, consumed: i / 8 }));
  const [web] = (await measuredIn(written(rows))).series;
  expect(web?.timesMs).toEqual(Float64Array.from(rows, (_, i) => i));
  expect(web?.counters).toEqual({ granted: Float64Array.from(rows, (_, i) => i), consumed: Float64Array.from(rows, (_, i) => i / 8) });
});

test("numbers that cannot be are refused, and a file cut short is refused by its name", async () => {
  expect(await refusalOf(written([sample(0, "web", { consumed: -5 })]))).toBe("web.txt:1: -5 is no number of pages");
  expect(await refusalOf(written([sample(0, "web", { consumed: 5 }), sample(NaN, "web", { consumed: 5 })]))).toBe(
    "web.txt:2: NaN is no time in whole ns",
  );
  expect(await refusalOf(EXAMPLE.subarray(0, -1))).toMatch(/^web\.txt: is cut short, its end is missing/);
});
