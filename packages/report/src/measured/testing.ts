import {
  estimatorFitTable,
  MEASURED_COUNTERS,
  measuredDifferencesTable,
  measuredTable,
  tableOf,
  type MeasuredCounter,
  type Row,
  type Table,
  type timelineTable,
} from "@tidemark/data/shapes";

/** Part of the simulated value that the example's host counts more; of active memory less. */
const CONSUMED_MORE = 1.1;
const ACTIVE_PART = 0.9;

/** A sample of which nothing is known. */
const NOTHING_MEASURED = Object.fromEntries(MEASURED_COUNTERS.map((counter) => [counter, NaN])) as {
  readonly [K in MeasuredCounter]: number; // one per counter, just made
};

/** What a host of the example might have counted at every other sample: a tenth more than is simulated, and active memory a tenth below. */
export function exampleMeasured(timeline: readonly Row<typeof timelineTable.columns>[], isOfHost: boolean): readonly Table[] {
  const ofVms = timeline
    .filter((_, i) => i % 2 === 0)
    .map((row) => ({
      ...NOTHING_MEASURED,
      time: row.time,
      vm: row.vm,
      configured: row.configured,
      consumed: row.consumed * CONSUMED_MORE,
      activeReported: row.activeReported * ACTIVE_PART,
      vmmemctl: 0,
    }));
  const ofHost = [...new Set(ofVms.map(({ time }) => time))].map((time) => ({
    ...NOTHING_MEASURED,
    time,
    vm: "",
    free: 10_000,
    swapped: 7,
    state: 0,
  }));
  const rows = isOfHost ? [...ofVms, ...ofHost].sort((a, b) => a.time - b.time) : ofVms;
  const vms = [...new Set(timeline.map(({ vm }) => vm))];
  const difference = (vm: string, counter: string, measured: number, simulated: number, correlation: number) => ({
    vm,
    counter,
    samples: ofVms.length / vms.length,
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
