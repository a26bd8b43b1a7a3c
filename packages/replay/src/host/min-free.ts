import { assert, formatPages, InputError, PAGE_BYTES } from "@tidemark/data/shapes";

const GB_PAGES = 2 ** 30 / PAGE_BYTES;

/** The sliding scale since ESXi 5: percent of the memory up to so many GB (frankdenneman.nl, Mem.MinFreePct sliding scale function). */
const SLIDING_SCALE = [
  { percent: 6, uptoPages: 4 * GB_PAGES },
  { percent: 4, uptoPages: 12 * GB_PAGES },
  { percent: 2, uptoPages: 28 * GB_PAGES },
  { percent: 1, uptoPages: Infinity },
] as const;

/** Percent of minFree below which clear, soft, hard and low begin, since ESXi 6 (yellow-bricks.com, what happens at which memory state). */
const PERCENT_OF_MIN_FREE = [100, 64, 32, 16] as const;

/** Percent of memory at which high, soft, hard and low stand (Waldspurger 2002 §6.3). There is no clear state. */
const PERCENT_2002 = { high: 6, soft: 4, hard: 2, low: 1 } as const;

/** How a host finds minFree: a rule, or the pages themselves. */
export type MinFreeRule = "sliding" | "percent-2002" | number;

/** At which free memory a host changes its state. Arrays are by state: high, clear, soft, hard, low. */
export interface Thresholds {
  /** What the host wants to have free; balance aims a margin above it. */
  readonly minFreePages: number;
  /** A state is entered when free memory is below this; always true of high. A state with the threshold of the next is never entered. */
  readonly enterBelow: readonly number[];
  /** A state is left for a better one when free memory is at this or above it; never true of high. */
  readonly leaveAt: readonly number[];
}

/** Pages and a fraction of them, rounded up. Not pages × (1 + fraction): that makes 100 + 10 % more than 110. */
export const withMargin = (pages: number, fraction: number): number => Math.ceil(pages + pages * fraction);

const percentOf = (percent: number, pages: number): number => Math.ceil((percent * pages) / 100);

/** minFree of a host of `hostPages`, by the sliding scale. */
export function slidingPages(hostPages: number): number {
  let hundredths = 0;
  let from = 0;
  for (const { percent, uptoPages } of SLIDING_SCALE) {
    hundredths += percent * Math.max(0, Math.min(hostPages, uptoPages) - from);
    from = uptoPages;
  }
  return Math.ceil(hundredths / 100);
}

/** Thresholds of a host of `hostPages`. They are rounded up: free memory is below a threshold exactly if it is below the whole page. */
export function thresholdsOf(rule: MinFreeRule, hostPages: number, hysteresis: number): Thresholds {
  assert(hysteresis >= 0, `hysteresis ${hysteresis}`);
  if (rule === "percent-2002") {
    const { high, soft, hard, low } = PERCENT_2002;
    return { minFreePages: percentOf(high, hostPages), ...bounds([soft, soft, hard, low], hostPages, hysteresis) };
  }
  const minFreePages = rule === "sliding" ? slidingPages(hostPages) : rule;
  if (!Number.isInteger(minFreePages) || minFreePages < 0 || minFreePages >= hostPages)
    throw new InputError(
      `minFree: ${formatPages(minFreePages)} of a host of ${formatPages(hostPages)} leave nothing for VMs; give less, or more memory`,
    );
  return { minFreePages, ...bounds(PERCENT_OF_MIN_FREE, minFreePages, hysteresis) };
}

function bounds(percents: readonly number[], pages: number, hysteresis: number): Pick<Thresholds, "enterBelow" | "leaveAt"> {
  const below = percents.map((percent) => percentOf(percent, pages));
  return { enterBelow: [Infinity, ...below], leaveAt: [Infinity, ...below.map((threshold) => withMargin(threshold, hysteresis))] };
}
