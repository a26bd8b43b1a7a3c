import type { Thresholds } from "./min-free.ts";

/** States of a host's free memory, best first: the numbers that esxtop and the `state` counter use. */
export const HIGH = 0,
  CLEAR = 1,
  SOFT = 2,
  HARD = 3,
  LOW = 4;

/** What acts in a state (docs/host.md, States). */
export interface StateRule {
  readonly name: "high" | "clear" | "soft" | "hard" | "low";
  /** Whether the page-sharing scanner runs. In every state a page is looked up once more before it is paged out. */
  readonly scans: boolean;
  /** Whether the scanner takes the pages of broken blocks first. */
  readonly scansBrokenFirst: boolean;
  /** 2 MB blocks that are broken: those the scanner meets while memory is `scarce`, all that it `met`, or `all` that stand in the way. */
  readonly breaks: "scarce" | "met" | "all";
  /** Whether VMs give up pages so that free memory rises to minFree and its margin; if not, only what is above their limits. */
  readonly fillsNeed: boolean;
  /** A balloon without excess to take: given back at its rate, kept, or, with excess as without, not moved at all. */
  readonly balloon: "deflates" | "holds" | "frozen";
  /** Whether VMs above their targets wait for their own reclaim before they get another page. */
  readonly blocks: boolean;
}

// What no balloon can take of the excess is compressed or swapped in every state: in hard and low, where balloons stand
// still, that is all of it (Waldspurger 2002 §6.3 for soft, hard and low; yellow-bricks.com on vSphere 6 for clear).
const HIGH_RULE: StateRule = {
  name: "high",
  scans: true,
  scansBrokenFirst: false,
  breaks: "scarce",
  fillsNeed: false,
  balloon: "deflates",
  blocks: false,
};
const CLEAR_RULE: StateRule = { ...HIGH_RULE, name: "clear", scansBrokenFirst: true, breaks: "met", balloon: "holds" };
const SOFT_RULE: StateRule = { ...CLEAR_RULE, name: "soft", scansBrokenFirst: false, fillsNeed: true };
const HARD_RULE: StateRule = { ...SOFT_RULE, name: "hard", scans: false, breaks: "all", balloon: "frozen" };
const LOW_RULE: StateRule = { ...HARD_RULE, name: "low", blocks: true };

/** By state. */
export const STATE_RULES: readonly StateRule[] = [HIGH_RULE, CLEAR_RULE, SOFT_RULE, HARD_RULE, LOW_RULE];

/**
 * The state after `current` at so much free memory; it may be several states away. A state is entered below its own
 * threshold and left above it: the same free memory, asked again, gives the same state.
 */
export function nextState(current: number, freePages: number, { enterBelow, leaveAt }: Thresholds): number {
  let state = current;
  while (state < LOW && freePages < enterBelow[state + 1]) state++;
  while (state > HIGH && freePages >= leaveAt[state]) state--;
  return state;
}

/** Free memory, in percent of minFree, below which a host in state high breaks 2 MB blocks (yellow-bricks.com; another source says 300). */
export const SCARCE_PERCENT = 400;

/** Whether the scanner breaks a 2 MB block that it meets. */
export const breaksMetBlocks = (state: number, freePages: number, minFreePages: number, scarcePercent: number): boolean =>
  STATE_RULES[state].breaks !== "scarce" || 100 * freePages < scarcePercent * minFreePages;
