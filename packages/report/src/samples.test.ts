import { gapTable, pickTable, rowsOf, tableOf, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { explainedInstants } from "./explained.ts";
import { changeText, intervalText } from "./interval-text.ts";
import { plainText } from "./linked-text.ts";
import { sampledInstant, samplesWithin } from "./sampled-instant.ts";
import { firstStateChange, vmSamples } from "./samples.ts";
import { exampleRun } from "./testing.ts";

const END = 7e9,
  WINDOW = 1e9;

test("a sample says what an instant asked for at its time says, the future included", () => {
  const run = exampleRun({ samples: 71, instants: ["1s", "4s", "7s"], isScarce: true });
  const samples = vmSamples(run, "alloc-4k");
  for (const explained of explainedInstants(run)) {
    const { vm, isOff, gapPages, ledger, counters } = explained;
    const i = samples.timesNs.indexOf(counters.time);
    const { configured, granted, consumed, active, activeReported, guestUsed, allocatorUnknown, remaining } = counters;
    const sampled = sampledInstant(samples, i, WINDOW, END);
    expect(sampled).toMatchObject({
      vm,
      isOff,
      gapPages,
      counters: { configured, granted, consumed, active, activeReported, guestUsed, allocatorUnknown, remaining },
      history: explained.history,
    });
    // The example's instants split the future by owner, which rounds: pages are the same.
    expect(sampled.ledger.map((row) => [row.class, row.pages, Number.isNaN(row.returns)])).toEqual(
      ledger.map((row) => [row.class, row.pages, Number.isNaN(row.returns)]),
    );
  }
});

test("samples are thinned, and the peaks and the first change of state stay among them", () => {
  const run = exampleRun({ samples: 3_000, isScarce: true });
  const table = pickTable(run.tables, timelineTable);
  const rows = table === undefined ? [] : rowsOf(table);
  const { timesNs, counters } = vmSamples(run, "alloc-4k");
  expect(timesNs.length).toBeLessThanOrEqual(500);
  const most = Math.max(...rows.map(({ consumed }) => consumed));
  expect(counters.consumed).toContain(most);
  const widest = Math.max(...rows.map(({ consumed, active }) => consumed - active));
  expect(Math.max(...timesNs.map((_, i) => (counters.consumed[i] ?? 0) - (counters.active[i] ?? 0)))).toBe(widest);
  const change = firstStateChange(run) ?? NaN;
  expect(timesNs).toContain(rows.find(({ time }) => time >= change)?.time);
  expect(firstStateChange(exampleRun())).toBeNull();
});

test("an instant asked for between samples is a sample, in the place of one that reads the same", () => {
  const run = exampleRun({ samples: 71, instants: ["4s", "4.05s"] });
  // As in a trace whose first access is at 33 ns.
  const late = run.tables.map((table) => {
    const [timeline, gap] = [pickTable([table], timelineTable), pickTable([table], gapTable)];
    if (timeline !== undefined) return tableOf(timelineTable, rowsOf(timeline).map(later));
    return gap === undefined ? table : tableOf(gapTable, rowsOf(gap).map(later));
  });
  const { timesNs, counters, classes } = vmSamples({ ...run, tables: late }, "alloc-4k");
  expect(timesNs.filter((time) => time > 3.85e9 && time < 4.15e9)).toEqual([3.9e9 + 33, 4e9, 4.05e9, 4.1e9 + 33]);
  for (const explained of explainedInstants(run)) {
    const i = timesNs.indexOf(explained.counters.time);
    expect(counters.active[i]).toBe(explained.counters.active);
    for (const { class: cls, pages } of explained.ledger) expect(classes[cls]?.pages[i] ?? 0, cls).toBe(pages);
  }
});

const later = <R extends { readonly time: number }>(row: R): R => ({ ...row, time: row.time + 33 });

test("an interval has the samples in it; one between samples has the last before it", () => {
  const times = [0, 10, 20, 30];
  expect(samplesWithin(times, 10, 20)).toEqual([1, 2]);
  expect(samplesWithin(times, 11, 19)).toEqual([1, 1]);
  expect(samplesWithin(times, -5, 99)).toEqual([0, 3]);
  expect(samplesWithin(times, 40, 50)).toEqual([3, 3]);
});

test("an interval is told by what changed, then by its end; an instant by itself", () => {
  const samples = vmSamples(exampleRun({ samples: 71 }), "alloc-4k");
  const at = (i: number) => sampledInstant(samples, i, WINDOW, END);
  expect(plainText(changeText(at(10), at(70)))).toMatch(
    /^From 1 s to 7 s consumed memory of alloc-4k grows by [\d.]+ MiB, active memory shrinks by [\d.]+ MiB, and the gap grows by [\d.]+ MiB: [\d.]+ MiB more freed by the guest, still backed/,
  );
  expect(plainText(changeText(at(70), at(10)))).toMatch(/gap shrinks by [\d.]+ MiB: [\d.]+ MiB less freed/);
  expect(plainText(changeText(at(70), { ...at(70) }))).toMatch(
    /stays the same, active memory stays the same, and the gap stays the same\.$/,
  );
  expect(plainText(intervalText(at(10), at(70), WINDOW))).toMatch(/^From 1 s to 7 s .*\. At 7 s alloc-4k consumes/);
  expect(plainText(intervalText(at(70), at(70), WINDOW))).toMatch(/^At 7 s/);
});

test("more sharing is more saved, though the credit is a smaller number", () => {
  const samples = vmSamples(exampleRun({ samples: 71, isScarce: true }), "alloc-4k");
  const at = (i: number) => sampledInstant(samples, i, WINDOW, END);
  expect(plainText(changeText(at(0), at(70)))).toMatch(/MiB more saved by page sharing/);
});
