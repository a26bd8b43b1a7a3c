import {
  MEASURED_COUNTERS,
  measuredDifferencesTable,
  simulatedHost,
  tableOf,
  timelineTable,
  type CounterSeries,
  type hostTable,
  type MeasuredCounter,
  type measuredTable,
  type Row,
  type Table,
} from "@tidemark/data/shapes";

type Measured = Table<typeof measuredTable.columns>;
type Timeline = Table<typeof timelineTable.columns>;

/**
 * How far each simulated counter is from the measured one, of every VM and, where its memory has an end, of the host. A measured sample is held against
 * the last simulated sample at or before it; samples outside the replay's own are left out.
 */
export function measuredDifferences(
  measured: Measured,
  timeline: Timeline,
  host: Table<typeof hostTable.columns> | undefined,
): Table<typeof measuredDifferencesTable.columns> {
  const ofHost = host === undefined ? [] : differencesOf(measured, "", simulatedHost(host, timeline));
  const vms = [...new Set(timeline.columns.vm)];
  return tableOf(measuredDifferencesTable, [...vms.flatMap((vm) => differencesOf(measured, vm, simulatedVm(timeline, vm))), ...ofHost]);
}

/** A VM's rows of the timeline; without its size, which is given and no outcome. */
function simulatedVm({ length, columns }: Timeline, vm: string): CounterSeries {
  const own: number[] = [];
  for (let row = 0; row < length; row++) if (columns.vm[row] === vm) own.push(row);
  const ownOf = (column: Readonly<Float64Array>): Float64Array => Float64Array.from(own, (row) => column[row]);
  const counters = MEASURED_COUNTERS.flatMap((counter) =>
    isOfTimeline(counter) && counter !== "configured" ? [[counter, ownOf(columns[counter])]] : [],
  );
  return { timesNs: ownOf(columns.time), counters: Object.fromEntries(counters) };
}

const isOfTimeline = (counter: MeasuredCounter): counter is MeasuredCounter & keyof Timeline["columns"] =>
  Object.hasOwn(timelineTable.columns, counter);

function differencesOf(
  measured: Measured,
  vm: string,
  { timesNs, counters }: CounterSeries,
): readonly Row<typeof measuredDifferencesTable.columns>[] {
  const pairs = pairedRows(measured, vm, timesNs);
  return MEASURED_COUNTERS.flatMap((counter) => {
    const simulated = counters[counter];
    const of = simulated === undefined ? undefined : differenceOf(measured.columns[counter], simulated, pairs);
    return of === undefined ? [] : [{ vm, counter, ...of }];
  });
}

type Pair = readonly [measured: number, simulated: number];

/** Row numbers of measured samples, each with the number of the simulated sample it is held against. */
function pairedRows(measured: Measured, vm: string, timesNs: Readonly<Float64Array>): readonly Pair[] {
  const lastNs = timesNs.at(-1) ?? NaN;
  const pairs: Pair[] = [];
  let at = 0;
  for (let row = 0; row < measured.length; row++) {
    const time = measured.columns.time[row];
    if (measured.columns.vm[row] !== vm || !(time >= timesNs[0] && time <= lastNs)) continue;
    while (at + 1 < timesNs.length && timesNs[at + 1] <= time) at++;
    pairs.push([row, at]);
  }
  return pairs;
}

/** undefined where no sample has both values. */
function differenceOf(measured: Readonly<Float64Array>, simulated: Readonly<Float64Array>, pairs: readonly Pair[]) {
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
