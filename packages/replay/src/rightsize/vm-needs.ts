import { WORKING_SET_OPS } from "@tidemark/data/shapes";
import { beladyBound, type Bound } from "../curve/belady-misses.ts";
import type { CompetingPages } from "../curve/competing-pages.ts";
import { lruCurve } from "../curve/lru-curve.ts";
import { nextUses } from "../curve/next-uses.ts";
import type { Guest } from "../guests.ts";
import { longestGaps, type Gaps } from "./longest-gaps.ts";
import type { TimedPlayer } from "./timed-touches.ts";
import { workingSets, type WorkingSet } from "./working-sets.ts";

/** What one VM needs, being counted in one pass over its touches. */
export interface VmNeeds extends TimedPlayer {
  readonly pages: CompetingPages;
  finish(endNs: number): {
    /** In the order of `WORKING_SET_OPS`. */
    readonly sets: readonly (readonly WorkingSet[])[];
    readonly gaps: Gaps;
    /** Of LRU, at every size from 0 to all pages. */
    readonly misses: Float64Array;
    readonly bound: Bound;
  };
}

/** Keeps at most `gapsMax` of the longest gaps, and the next use of every reference. */
export function vmNeeds(guest: Guest, pages: CompetingPages, windowsNs: readonly number[], originNs: number, gapsMax: number): VmNeeds {
  const { pageCount, distinct, references } = pages;
  const sets = WORKING_SET_OPS.map(() => workingSets(pageCount, distinct, windowsNs, originNs));
  const gaps = longestGaps(pageCount, Math.min(gapsMax, references));
  const lru = lruCurve(pageCount, distinct);
  const future = nextUses(pageCount, references);
  return {
    guest,
    pages,
    step(...touches) {
      touches.forEach((of, o) => sets[o].step(of.pages, of.timesNs, of.length));
      const [all] = touches;
      gaps.step(all.pages, all.timesNs, all.length);
      lru.step(all.pages, all.length);
      future.step(all.pages, all.length);
    },
    finish: (endNs) => ({
      sets: sets.map((set) => set.finish(endNs)),
      gaps: gaps.finish(),
      misses: lru.finish(),
      bound: beladyBound(future.found()),
    }),
  };
}
