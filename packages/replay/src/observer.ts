import type { AccessBatch, Named, Table, Trace } from "@tidemark/data/shapes";
import type { Estimate } from "./estimator.ts";
import type { Host } from "./host/host.ts";
import type { Ledger } from "./ledger.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";

/** What is known before the first access. */
export interface ObserverContext {
  readonly machine: Machine;
  readonly schedule: Schedule;
  /** Undefined where memory is never scarce. */
  readonly host: Host | undefined;
  /** Host VM → its trace, its number there, time of the replay less time of the trace, and when it is powered off (else Infinity). */
  readonly traced: readonly { readonly trace: Trace; readonly vm: number; readonly offsetNs: number; readonly stopNs: number }[];
  readonly estimatorNames: readonly string[];
}

/** One VM at one instant. */
export interface VmSample {
  readonly vm: number;
  readonly timeNs: number;
  readonly ledger: Ledger;
  /** In the order of `estimatorNames`; the first is the one reported. */
  readonly estimates: readonly Estimate[];
}

/** A fold over stretches of accesses and samples; prints nothing, gives tables. */
export interface Observation {
  /** Rows [from, to) of a batch, all in one epoch; the batch is reused afterwards. */
  accesses?(batch: AccessBatch, from: number, to: number): void;
  /** Every VM at a sample instant, in VM order. */
  sample?(sample: VmSample): void;
  /** A VM at an instant that was asked for by name. */
  instant?(asked: string, sample: VmSample): void;
  finish(): readonly Table[];
}

export interface Observer extends Named {
  create(context: ObserverContext): Observation | Promise<Observation>;
}
