import { PAGE_BYTES, type Trace } from "@tidemark/data/shapes";

const PAGE_KIB = PAGE_BYTES / 1024;

/** One `/proc/meminfo` sample of a guest, in pages; NaN where the guest does not print the counter. */
export interface GuestSample {
  readonly timeNs: number;
  readonly totalPages: number;
  readonly freePages: number;
  /** MemTotal − MemFree. */
  readonly usedPages: number;
  readonly availablePages: number;
  readonly cachedPages: number;
  readonly anonymousPages: number;
  readonly slabPages: number;
  /** Configured memory that the guest's kernel does not manage. */
  readonly outsidePages: number;
}

/** The guest's own view of one VM of a trace, ascending in time; times are moved by `offsetNs`. */
export async function guestView(trace: Trace, vm: number, configuredPages: number, offsetNs: number): Promise<readonly GuestSample[]> {
  const byTime = new Map<number, Map<string, number>>();
  for (const row of await trace.meminfo()) {
    if (row.vm !== vm || row.unit !== "kB") continue;
    let sample = byTime.get(row.timeNs);
    if (sample === undefined) byTime.set(row.timeNs, (sample = new Map()));
    sample.set(row.counter, Math.round(row.value / PAGE_KIB));
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([timeNs, counters]) => {
      const pages = (name: string): number => counters.get(name) ?? NaN;
      return {
        timeNs: timeNs + offsetNs,
        totalPages: pages("MemTotal"),
        freePages: pages("MemFree"),
        usedPages: pages("MemTotal") - pages("MemFree"),
        availablePages: pages("MemAvailable"),
        cachedPages: pages("Cached") + (counters.get("Buffers") ?? 0),
        anonymousPages: pages("AnonPages"),
        slabPages: pages("Slab"),
        outsidePages: configuredPages - pages("MemTotal"),
      };
    });
}

/** The last sample at or before an instant. */
export function lastSampleAt(samples: readonly GuestSample[], timeNs: number): GuestSample | undefined {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (samples[middle].timeNs <= timeNs) low = middle + 1;
    else high = middle;
  }
  return samples[low - 1];
}
