import type { Named, Params, Random, Values } from "@tidemark/data/shapes";
import type { SynthGuest } from "./synth-guest.ts";

/** A way for guests to spend their time, made up from a seed. */
export interface Workload<P extends Params = Params> extends Named {
  /** What it is like, in the literature or elsewhere. */
  readonly source: string;
  readonly params: P;
  /** Guests of the trace; one where this is missing. */
  vms?(values: Values<P>): number;
  /** exact: rows stand in the order of the accesses, with what happens between them. */
  readonly order: "exact" | "windowed";
  /** Begins; what comes back makes one access. It is called for one row after the other, with how much of the trace is done, from 0 to 1. */
  start(guests: readonly SynthGuest[], random: Random, values: Values<P>): (done: number) => void;
}

/** Keeps the types of a workload's own parameters while it is written down. */
export const workload = <const P extends Params>(declared: Workload<P>): Workload => declared;
