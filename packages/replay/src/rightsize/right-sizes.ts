import { SIZE_BASES, type rightSizeTable, type Row } from "@tidemark/data/shapes";
import type { Bound } from "../curve/belady-misses.ts";
import { enoughOf, kneeOf } from "../curve/knee.ts";

/** A memory size, and what it comes from. Pages may be fractional; NaN: not known. */
export interface Candidate {
  readonly basis: (typeof SIZE_BASES)[number];
  /** NaN where it has none. */
  readonly windowNs: number;
  readonly pages: number;
}

/** The sizes that LRU's misses suggest: `misses` at every size from 0 to all `distinct` pages. */
export function lruCandidates(misses: Float64Array, references: number, distinct: number, extra: number): readonly Candidate[] {
  const points = Array.from({ length: distinct }, (_, i) => ({ pages: i + 1, misses: misses[i + 1] }));
  const candidate = (basis: Candidate["basis"], pages: number | undefined): Candidate => ({ basis, windowNs: NaN, pages: pages ?? NaN });
  return [
    candidate("touched", distinct),
    candidate("no page-ins", enoughOf(points, distinct, 0)?.pages),
    candidate("enough", enoughOf(points, distinct, extra)?.pages),
    candidate("knee", kneeOf(points, references, distinct)?.pages),
  ];
}

/** What every known size would have cost under LRU, and what Belady's policy would have read again there, by falling size; fractions of a page are pages. */
export function rightSizes(
  vm: string,
  candidates: readonly Candidate[],
  misses: Float64Array,
  { missesAt, enough }: Bound,
  distinct: number,
  pageInNs: number,
  extra: number,
): readonly Row<typeof rightSizeTable.columns>[] {
  const known = new Map<number, number>([[0, misses[0] - distinct]]);
  const boundOf = (size: number): number => {
    const bound = known.get(size) ?? (size >= enough ? 0 : missesAt(size) - distinct);
    known.set(size, bound);
    return bound;
  };
  return candidates
    .filter(({ pages }) => !Number.isNaN(pages))
    .map(({ basis, windowNs, pages }) => {
      const whole = Math.ceil(pages);
      const missed = misses[Math.min(whole, distinct)];
      const pageIns = missed - distinct;
      return {
        vm,
        basis,
        window: windowNs,
        extra: basis === "enough" ? 100 * extra : NaN,
        pages: whole,
        misses: missed,
        pageIns,
        pageIn: pageInNs,
        stall: pageIns * pageInNs,
        bound: boundOf(whole),
      };
    })
    .sort(
      (a, b) =>
        b.pages - a.pages ||
        SIZE_BASES.findIndex((basis) => basis === a.basis) - SIZE_BASES.findIndex((basis) => basis === b.basis) ||
        b.window - a.window,
    );
}
