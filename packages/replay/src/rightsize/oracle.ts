import type { oracleTable, oracleTimeTable, Row } from "@tidemark/data";
import { countUpTo } from "../schedule.ts";
import type { Gaps } from "./longest-gaps.ts";

/**
 * What perfect knowledge of the future can save, on average over the trace, at each of the stalls allowed. A page that is touched twice is
 * held in between, or taken and read again: that saves the time between, at the price of one page-in, whatever is done with other pages.
 * So the best use of a number of page-ins is the longest gaps; of what is never touched again everything is saved, at no price. It is
 * Belady's rule (Belady 1966: take the page whose next use is farthest away) for memory over time in place of memory of one size.
 */
export function oracleRows(
  vm: string,
  { longestNs, firstNs, lastNs }: Gaps,
  originNs: number,
  endNs: number,
  stallsNs: readonly number[],
  pageInNs: number,
): readonly Row<typeof oracleTable.columns>[] {
  const spanNs = endNs - originNs;
  const sumUntilEnd = (times: Float64Array): number => times.reduce((sum, ns) => sum + (endNs - ns), 0);
  const consumed = sumUntilEnd(firstNs) / spanNs;
  const neverAgain = sumUntilEnd(lastNs) / spanNs;
  return stallsNs.map((stall) => {
    const pageIns = Math.min(pageInsFor(stall, pageInNs), longestNs.length);
    const saved = neverAgain + longestNs.subarray(0, pageIns).reduce((sum, ns) => sum + ns, 0) / spanNs;
    return { vm, stall, pageIns, consumed, held: Math.max(0, consumed - saved), saved };
  });
}

/** How many pages can be read in that time. */
export const pageInsFor = (stallNs: number, pageInNs: number): number => Math.floor(stallNs / pageInNs);

/** At each of these times, pages touched so far and those of them that are never touched again. */
export const oracleTimes = (
  vm: string,
  { firstNs, lastNs }: Gaps,
  timesNs: readonly number[],
): readonly Row<typeof oracleTimeTable.columns>[] =>
  timesNs.map((time) => ({ time, vm, consumed: countUpTo(firstNs, time), neverAgain: countUpTo(lastNs, time) }));

/** The most pages at once that have been touched and are touched again, or just now: memory that is enough if the future is known and nothing may be read again. */
export function mostLive({ firstNs, lastNs }: Gaps): number {
  let most = 0;
  let gone = 0;
  for (let come = 0; come < firstNs.length; come++) {
    while (lastNs[gone] < firstNs[come]) gone++;
    most = Math.max(most, come + 1 - gone);
  }
  return most;
}
