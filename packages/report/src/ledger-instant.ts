import type { History } from "./history.ts";
import type { LedgerRow } from "./ledger-rows.ts";

/** Counters that a page explains, by their names in the run's tables. */
export const EXPLAINED_COUNTERS = [
  "configured",
  "granted",
  "consumed",
  "active",
  "activewrite",
  "activeReported",
  "guestUsed",
  "guestOutside",
  "guestAllocated",
  "allocatorUnknown",
] as const;
export type ExplainedCounter = (typeof EXPLAINED_COUNTERS)[number];

/** One VM at one instant, asked for or sampled: what sentences, number lines and ledgers are made of. Pages; NaN is not known. */
export interface LedgerInstant {
  readonly vm: string;
  /** Times in ns; `remaining` is the rest of the trace. */
  readonly counters: { readonly time: number; readonly remaining: number } & { readonly [K in ExplainedCounter]: number };
  /** It was powered off before, or is now. */
  readonly isOff: boolean;
  /** consumed − active, pages. */
  readonly gapPages: number;
  /** Every class in ledger order, active first; the rest sum to the gap. */
  readonly ledger: readonly LedgerRow[];
  readonly history: History;
}
