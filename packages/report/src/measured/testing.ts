import {
  estimatorFitTable,
  measuredDifferencesTable,
  measuredTable,
  tableOf,
  type Row,
  type Table,
  type timelineTable,
} from "@tidemark/data";

/** Part of the simulated value that the example's host counts more; of active memory less. */
const CONSUMED_MORE = 1.1;
const ACTIVE_PART = 0.9;

/** What a host of the example might have counted at every other sample: a tenth more than is simulated, and active memory a tenth below. */
export function exampleMeasured(timeline: readonly Row<typeof timelineTable.columns>[]): readonly Table[] {
  const rows = timeline
    .filter((_, i) => i % 2 === 0)
    .map((row) => ({
      time: row.time,
      vm: row.vm,
      configured: row.configured,
      granted: NaN,
      consumed: row.consumed * CONSUMED_MORE,
      activeReported: row.activeReported * ACTIVE_PART,
      activewrite: NaN,
      guestUsed: NaN,
      shared: NaN,
      vmmemctl: 0,
      vmmemctltarget: NaN,
      swapped: NaN,
      swaptarget: NaN,
      swapin: NaN,
      swapout: NaN,
      zipped: NaN,
      zipSaved: NaN,
      overhead: NaN,
      entitlement: NaN,
    }));
  const vms = [...new Set(timeline.map(({ vm }) => vm))];
  const difference = (vm: string, counter: string, measured: number, simulated: number, correlation: number) => ({
    vm,
    counter,
    samples: rows.length / vms.length,
    measured,
    simulated,
    bias: simulated - measured,
    error: Math.abs(simulated - measured) * 1.5,
    correlation,
  });
  const differences = vms.flatMap((vm) => [
    difference(vm, "consumed", 44_000, 40_000, 100),
    difference(vm, "activeReported", 18_000, 20_000, 87.3),
    difference(vm, "vmmemctl", 0, 0, NaN),
  ]);
  const fits = vms.map((vm) => ({
    vm,
    truth: "steady",
    periods: 34,
    slow: 0.1,
    slowLow: 0.02,
    slowHigh: 0.4,
    fast: 0.5,
    fastLow: 0.5,
    fastHigh: 0.5,
    share: 33.2,
    error: 2.2,
    drawn: 4.7,
    unexplained: 1.5,
  }));
  return [tableOf(measuredTable, rows), tableOf(measuredDifferencesTable, differences), tableOf(estimatorFitTable, fits)];
}
