import { hostTable, pickTable, rowsOf, tableOf, timelineTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { exampleRun } from "../testing.ts";
import { hostFindings, isOfHost } from "./findings.ts";

const run = exampleRun({ isScarce: true, vms: ["a", "b"] });
const findings = hostFindings(run);

test("a run on a host that is short of nothing has no findings", () => {
  expect(hostFindings(exampleRun())).toBeUndefined();
  expect([isOfHost(exampleRun()), isOfHost(run)]).toEqual([false, true]);
});

test("the example adds up: machine memory is what VMs hold, caches, overhead and free memory; a VM's memory is somewhere", () => {
  const host = pickTable(run.tables, hostTable)?.columns;
  const timeline = pickTable(run.tables, timelineTable)?.columns;
  if (host === undefined || timeline === undefined) throw new Error("the example has both tables");
  const times = new Map([...host.time].map((time, i) => [time, i]));
  const held = new Map<number, number>();
  timeline.time.forEach((time, i) => {
    held.set(time, (held.get(time) ?? 0) + (timeline.consumed[i] ?? 0) + (timeline.zipCache[i] ?? 0));
    const [granted = 0, ballooned = 0, swapped = 0, zipped = 0, unbacked = 0] = [
      timeline.granted[i],
      timeline.vmmemctl[i],
      timeline.swapped[i],
      timeline.zipped[i],
      timeline.unbacked[i],
    ];
    expect(granted + ballooned + swapped + zipped + unbacked).toBe(timeline.configured[i]);
  });
  for (const [time, i] of times) expect((held.get(time) ?? 0) + (host.overhead[i] ?? 0) + (host.free[i] ?? 0)).toBe(host.machine[i]);
});

test("states, the least free memory, who gave first", () => {
  expect(findings?.states.map(({ state, visits }) => `${state} ${visits}`)).toEqual(["high 3", "clear 2", "soft 3", "hard 2", "low 1"]);
  expect(findings?.states.reduce((sum, { ns }) => sum + ns, 0)).toBe(findings?.spanNs);
  expect([findings?.leastFreePages, findings?.leastFreeNs]).toEqual([822, 2_467_625_899]);
  expect(findings?.takes.map(({ vm }) => vm)).toEqual(["a", "b"]);
});

test("per VM what was taken by what, and what it waited for", () => {
  const [a] = findings?.vms ?? [];
  expect(a).toMatchObject({
    vm: "a",
    balloon: { peakPages: 5_628, peakNs: 2_820_143_885, endPages: 5_628, pinnedBackedPages: 5_628, pinnedUnbackedPages: 1_407 },
    zip: { compressedPages: 2_251, peakPages: 2_251, endPages: 2_251, endCachePages: 1_126 },
    swap: { outPages: 4_389, inPages: 1_013, peakPages: 3_376, endPages: 3_376 },
    sharing: { sharedPages: 2_251, beforeSwapPages: 120, endPages: 2_251 },
    stallNs: 475_550_000,
    latency: { rows: 1_500_000, waitedRows: 60_000, p99Ns: 2_000, maxNs: 2_102_000 },
  });
  expect(a?.stalls[0]).toEqual({ cause: "swap-in", events: 1_200, ns: 180_000_000 });
});

test("of equally little free memory the first instant counts", () => {
  const host = pickTable(run.tables, hostTable);
  const flat = (host === undefined ? [] : rowsOf(host)).map((row) => ({ ...row, free: 500 }));
  const tables = [...run.tables.filter(({ spec }) => spec.name !== "host"), tableOf(hostTable, flat)];
  const found = hostFindings({ ...run, tables });
  expect([found?.leastFreePages, found?.leastFreeNs]).toEqual([500, 0]);
});
