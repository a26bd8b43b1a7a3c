import type { oracleTable, oracleTimeTable, Row } from "@tidemark/data/shapes";
import { leastMemories, type Bound } from "../curve/belady-misses.ts";
import { countUpTo } from "../schedule.ts";
import type { Gaps } from "./longest-gaps.ts";

/**
 * What perfect knowledge of the future can save, on average over the trace, at each of the stalls allowed. A page that is touched twice is
 * held in between, or taken and read again: that saves the time between, at the price of one page-in, whatever is done with other pages.
 * So the best use of a number of page-ins is the longest gaps; of what is never touched again everything is saved, at no price. It is
 * Belady's rule (Belady 1966: take the page whose next use is farthest away) for memory over time; beside it is what the rule does with in
 * memory of one size.
 */
export function oracleRows(
  vm: string,
  { longestNs, firstNs, lastNs }: Gaps,
  originNs: number,
  endNs: number,
  stallsNs: readonly number[],
  pageInNs: number,
  bound: Bound,
): readonly Row<typeof oracleTable.columns>[] {
  const spanNs = endNs - originNs;
  const sumUntilEnd = (times: Float64Array): number => times.reduce((sum, ns) => sum + (endNs - ns), 0);
  const consumed = sumUntilEnd(firstNs) / spanNs;
  const neverAgain = sumUntilEnd(lastNs) / spanNs;
  const allowed = stallsNs.map((stall) => pageInsFor(stall, pageInNs));
  const sizes = leastMemories(bound, firstNs.length, allowed, []);
  return stallsNs.map((stall, s) => {
    const pageIns = Math.min(allowed[s], longestNs.length);
    const saved = neverAgain + longestNs.subarray(0, pageIns).reduce((sum, ns) => sum + ns, 0) / spanNs;
    return { vm, stall, pageIns, consumed, held: Math.max(0, consumed - saved), saved, size: sizes[s].pages };
  });
}

/** Stalls allowed where none are given, ns; none longer than this part of the span. */
const STALLS_NS = [0, 10e6, 100e6, 1e9, 10e9];
const STALL_PART = 10;

/** Stalls that the oracle may cause over the whole trace, ns, rising: those asked for; else none, and 10 ms to 10 s as far as they are a tenth of the span or less. */
export const stallsAllowed = (asked: readonly number[], spanNs: number): readonly number[] =>
  asked.length > 0 ? asked : STALLS_NS.filter((ns) => ns * STALL_PART <= spanNs);

/** How many pages can be read in that time. */
export const pageInsFor = (stallNs: number, pageInNs: number): number => Math.floor(stallNs / pageInNs);

/** At each of these times, pages touched so far and those of them that are never touched again. */
export const oracleTimes = (
  vm: string,
  { firstNs, lastNs }: Gaps,
  timesNs: readonly number[],
): readonly Row<typeof oracleTimeTable.columns>[] =>
  timesNs.map((time) => ({ time, vm, consumed: countUpTo(firstNs, time), neverAgain: countUpTo(lastNs, time) }));
