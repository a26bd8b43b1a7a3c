import { MEASURED_COUNTERS, measuredTable, type MeasuredCounter, type Table } from "@tidemark/data/shapes";
import type { MeasuredSeries } from "./measured-samples.ts";
import type { MeasuredFile } from "./read-measured.ts";

export interface Placing {
  /**
   * Where the first sample stands, on the replay's clock in ns. undefined: at `originNs`, and where times count from a zero of the capture's own,
   * as they are.
   */
  readonly startNs: number | undefined;
  /** First access of the trace. */
  readonly originNs: number;
  /** What a measured VM is called here; undefined: left out. */
  readonly nameOf: (vm: string) => string | undefined;
}

/** A sample of a series, and its place on the replay's clock. */
interface PlacedSample {
  readonly timeNs: number;
  readonly vm: string;
  readonly of: MeasuredSeries;
  readonly at: number;
}

/** Measured samples of all files as one table, in order of time and then of VM. Samples before the replay's zero are left out. */
export function tableOfMeasured(files: readonly MeasuredFile[], placing: Placing): Table<typeof measuredTable.columns> {
  const samples = [false, true]
    .flatMap((isOwnClock) =>
      placed(
        files.filter((file) => file.isOwnClock === isOwnClock),
        isOwnClock,
        placing,
      ),
    )
    .sort((a, b) => a.timeNs - b.timeNs || (a.vm < b.vm ? -1 : a.vm > b.vm ? 1 : 0));
  const counters = Object.fromEntries(
    MEASURED_COUNTERS.map((counter) => [counter, Float64Array.from(samples, ({ of, at }) => of.counters[counter]?.[at] ?? NaN)]),
  ) as { readonly [K in MeasuredCounter]: Float64Array }; // one per counter, just made
  return {
    spec: measuredTable,
    length: samples.length,
    columns: { time: Float64Array.from(samples, ({ timeNs }) => timeNs), vm: samples.map(({ vm }) => vm), ...counters },
  };
}

/** Samples of files that share a clock. */
function placed(files: readonly MeasuredFile[], isOwnClock: boolean, { startNs, originNs, nameOf }: Placing): readonly PlacedSample[] {
  const all = files.flatMap(({ series }) => series);
  const firstMs = all.reduce((first, { timesMs }) => Math.min(first, timesMs[0] ?? Infinity), Infinity);
  const [zeroMs, zeroNs] = startNs === undefined && isOwnClock ? [0, 0] : [firstMs, startNs ?? originNs];
  return all.flatMap((of) => {
    const vm = nameOf(of.vm);
    if (vm === undefined) return [];
    return Array.from(of.timesMs, (ms, at) => ({ timeNs: zeroNs + Math.round((ms - zeroMs) * 1e6), vm, of, at })).filter(
      ({ timeNs }) => timeNs >= 0,
    );
  });
}
