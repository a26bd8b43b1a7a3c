import {
  MEASURED_COUNTERS,
  measuredDifferencesTable,
  tableOf,
  timelineTable,
  type measuredTable,
  type Row,
  type Table,
} from "@tidemark/data";

type Measured = Table<typeof measuredTable.columns>;
type Timeline = Table<typeof timelineTable.columns>;

/**
 * How far each simulated counter is from the measured one. A measured sample is held against the last simulated sample at or before it; samples
 * outside the replay's own are left out.
 */
export function measuredDifferences(measured: Measured, timeline: Timeline): Table<typeof measuredDifferencesTable.columns> {
  const vms = [...new Set(timeline.columns.vm)];
  const rows = vms.flatMap((vm) => {
    const pairs = pairedRows(measured, timeline, vm);
    return MEASURED_COUNTERS.flatMap((counter): Row<typeof measuredDifferencesTable.columns>[] => {
      if (counter === "configured") return [];
      const of = differencesOf(measured.columns[counter], timeline.columns[counter], pairs);
      return of === undefined ? [] : [{ vm, counter, ...of }];
    });
  });
  return tableOf(measuredDifferencesTable, rows);
}

type Pair = readonly [measured: number, simulated: number];

/** Row numbers of a VM's measured samples, each with that of the simulated sample it is held against. */
function pairedRows(measured: Measured, timeline: Timeline, vm: string): readonly Pair[] {
  const own: number[] = [];
  for (let row = 0; row < timeline.length; row++) if (timeline.columns.vm[row] === vm) own.push(row);
  const timeOf = (i: number): number => timeline.columns.time[own[i]];
  const pairs: Pair[] = [];
  let at = 0;
  for (let row = 0; row < measured.length; row++) {
    const time = measured.columns.time[row];
    if (measured.columns.vm[row] !== vm || time < timeOf(0) || time > timeOf(own.length - 1)) continue;
    while (at + 1 < own.length && timeOf(at + 1) <= time) at++;
    pairs.push([row, own[at]]);
  }
  return pairs;
}

/** undefined where no sample has both values. */
function differencesOf(measured: Readonly<Float64Array>, simulated: Readonly<Float64Array>, pairs: readonly Pair[]) {
  const known = pairs.map(([m, s]) => [measured[m], simulated[s]] as const).filter(([m, s]) => !Number.isNaN(m + s));
  if (known.length === 0) return undefined;
  const mean = (of: (pair: Pair) => number): number => known.reduce((sum, pair) => sum + of(pair), 0) / known.length;
  const [meanM, meanS] = [mean(([m]) => m), mean(([, s]) => s)];
  const deviation = Math.sqrt(mean(([m]) => (m - meanM) ** 2) * mean(([, s]) => (s - meanS) ** 2));
  const covariance = mean(([m, s]) => (m - meanM) * (s - meanS));
  return {
    samples: known.length,
    measured: meanM,
    simulated: meanS,
    bias: meanS - meanM,
    error: Math.sqrt(mean(([m, s]) => (s - m) ** 2)),
    correlation: deviation > 1e-9 * Math.abs(meanM * meanS) ? Math.max(-100, Math.min(100, (100 * covariance) / deviation)) : NaN,
  };
}
