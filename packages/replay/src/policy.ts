import type { Named, Params, Random, Values } from "@tidemark/data/shapes";

/** Where there is no page: nothing is resident, or nobody in particular waits for the memory. */
export const NO_PAGE = -1;

/** Bits of `takeBits`. */
export const ACCESSED = 1,
  DIRTY = 2;

/** What a policy works on: pages 0 … pages − 1 of one VM (its PPNs), of which about `capacity()` may be resident. */
export interface PolicyView {
  readonly pages: number;
  /** Pages that may be resident now: a memory size (curve), or the VM's target (host). Policies size their queues by it; it may change at any time. */
  capacity(): number;
  readonly random: Random;
  /** Hardware A and D bits of a resident page; taking clears the A bit. The access that admitted the page left no A bit. For policies that see "bits". */
  takeBits(page: number): number;
  /** Position of the next touch of a page just admitted or touched, Infinity if there is none. For policies that see the "future". */
  nextUse(page: number): number;
}

/**
 * Chooses which page a VM gives up. It is told what happens and decides nothing but the order: a host may take other pages, keep
 * more or fewer than `capacity()`, or ask without taking.
 *
 * A page that may not be taken for now (pinned) is held back: `removed(page, false)`, and `admitted` when it may be taken again.
 */
export interface Reclaimer {
  /** The page is resident now. */
  admitted(page: number, isWrite: boolean): void;
  /** The page is resident no more. `isPagedOut`: for want of memory, so that its return would be a miss; otherwise it was freed, ballooned away or held back. */
  removed(page: number, isPagedOut: boolean): void;
  /** A resident page was referenced again: every access in a curve; A bits found by a scan on a host, unless the policy sees the "future". */
  touched?(page: number, isWrite: boolean): void;
  /** The page to give up next, NO_PAGE if none is resident. It stays until `removed`. `incoming`: the page that waits for the memory, or NO_PAGE. */
  victim(incoming: number): number;
  /** A `tickNs` of the policy has passed. Curves have no clock. */
  tick?(timeNs: number): void;
}

export interface Policy<P extends Params = Params> extends Named {
  readonly source: string;
  readonly params: P;
  /** What it must be shown of the accesses. "bits" policies look when they need to. */
  readonly sees: "nothing" | "touches" | "bits" | "future";
  /** Hypervisor time between ticks; 0, or left out, for none. */
  tickNs?(params: Values<P>): number;
  create(view: PolicyView, params: Values<P>): Reclaimer;
}

export const policy = <const P extends Params>(p: Policy<P>): Policy<P> => p;
