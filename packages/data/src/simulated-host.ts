import type { Table } from "./table.ts";
import type { hostTable } from "./tables/host.ts";
import type { MeasuredCounter } from "./tables/measured.ts";
import type { timelineTable } from "./tables/timeline.ts";

/** What a host gives as the sum over its VMs. */
const SUMS = [
  "granted",
  "activeReported",
  "activewrite",
  "shared",
  "vmmemctl",
  "vmmemctltarget",
  "swapped",
  "swaptarget",
  "swapin",
  "swapout",
  "zipped",
  "zipSaved",
  "overhead",
] as const satisfies readonly MeasuredCounter[];

/** Counters at samples: a column each, in pages; NaN: not known. */
export interface CounterSeries {
  readonly timesNs: Readonly<Float64Array>;
  readonly counters: { readonly [K in MeasuredCounter]?: Readonly<Float64Array> };
}

/**
 * What the simulated host has of the counters that real hosts give of themselves. A host's `consumed` is all machine memory that is not free, the
 * hypervisor's own with it (vSphere, mem.consumed of a host).
 */
export function simulatedHost(host: Table<typeof hostTable.columns>, timeline: Table<typeof timelineTable.columns>): CounterSeries {
  const { time, machine, free, minFree, sharedCommon } = host.columns;
  const rowAt = new Map(Array.from({ length: host.length }, (_, row) => [time[row], row]));
  const sumOf = (column: Readonly<Float64Array>): Float64Array => {
    const sums = new Float64Array(host.length);
    for (let row = 0; row < timeline.length; row++) {
      const at = rowAt.get(timeline.columns.time[row]);
      if (at !== undefined) sums[at] += column[row];
    }
    return sums;
  };
  return {
    timesNs: time,
    counters: {
      ...Object.fromEntries(SUMS.map((counter) => [counter, sumOf(timeline.columns[counter])])),
      consumed: Float64Array.from({ length: host.length }, (_, row) => machine[row] - free[row]),
      machine,
      free,
      minFree,
      sharedCommon,
    },
  };
}
