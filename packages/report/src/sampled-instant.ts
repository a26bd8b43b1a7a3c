import { LEDGER_CLASSES, type LedgerClass } from "@tidemark/data/shapes";
import { historyAt } from "./history.ts";
import type { ExplainedCounter, LedgerInstant } from "./ledger-instant.ts";
import { ledgerRowsOf } from "./ledger-rows.ts";

/** Pages at each sample; null is not known. */
export type SampledPages = readonly (number | null)[];

interface SampledClass {
  readonly pages: SampledPages;
  /** Of the idle classes. */
  readonly returns?: SampledPages;
  readonly notSeenAgain?: SampledPages;
}

/** What a page needs of one VM to explain any interval of it: the run's tables `timeline` and `gap`, column by column, and the instants that were asked for among them. */
export interface VmSamples {
  readonly vm: string;
  readonly timesNs: readonly number[];
  /** When it was powered off; null if never. */
  readonly offNs: number | null;
  readonly counters: { readonly [K in ExplainedCounter]: SampledPages };
  readonly classes: { readonly [K in LedgerClass]?: SampledClass };
}

/** Sample `i` of a VM, as an instant that was asked for would be. `endNs` is the end of the trace. */
export function sampledInstant(samples: VmSamples, i: number, windowNs: number, endNs: number): LedgerInstant {
  const { vm, timesNs, offNs, counters, classes } = samples;
  const at = (pages: SampledPages | undefined): number => pages?.[i] ?? NaN;
  const time = timesNs[i] ?? NaN;
  const remaining = endNs - time;
  const shares = LEDGER_CLASSES.map((cls) => {
    const held = classes[cls];
    if (held === undefined) return { class: cls, pages: 0, returns: 0, notSeenAgain: 0 };
    return { class: cls, pages: held.pages[i] ?? 0, returns: at(held.returns), notSeenAgain: at(held.notSeenAgain) };
  });
  const [consumed, active] = [at(counters.consumed), at(counters.active)];
  return {
    vm,
    counters: {
      time,
      remaining,
      configured: at(counters.configured),
      granted: at(counters.granted),
      consumed,
      active,
      activewrite: at(counters.activewrite),
      activeReported: at(counters.activeReported),
      guestUsed: at(counters.guestUsed),
      guestOutside: at(counters.guestOutside),
      guestAllocated: at(counters.guestAllocated),
      allocatorUnknown: at(counters.allocatorUnknown),
    },
    isOff: offNs !== null && offNs <= time,
    gapPages: consumed - active,
    ledger: ledgerRowsOf(shares, consumed, remaining, windowNs),
    history: historyAt(samples, time, windowNs, endNs),
  };
}

/** Places of the first and the last sample in an interval of time; where none lies in it, of the last one before it. */
export function samplesWithin(timesNs: readonly number[], fromNs: number, toNs: number): readonly [first: number, last: number] {
  const last = Math.max(
    0,
    timesNs.findLastIndex((time) => time <= toNs),
  );
  const first = timesNs.findIndex((time) => time >= fromNs);
  return [first < 0 ? last : Math.min(first, last), last];
}
