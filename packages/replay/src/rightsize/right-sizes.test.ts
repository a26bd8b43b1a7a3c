import { expect, test } from "vitest";
import { lruCurve } from "../curve/lru-curve.ts";
import { lruCandidates, rightSizes } from "./right-sizes.ts";

/** Misses at 0, 1, 2, … pages. */
function missesOf(pages: readonly number[], distinct: number): Float64Array {
  const { step, finish } = lruCurve(8, distinct);
  step(Uint32Array.from(pages), pages.length);
  return finish();
}

test("worked by hand: a loop of two pages, and one that does not come back", () => {
  const pages = [0, 1, 0, 1, 0, 1, 5];
  const misses = missesOf(pages, 3);
  expect([...misses]).toEqual([7, 7, 3, 3]);
  const sizes = lruCandidates(misses, 7, 3, 0.05);
  expect(sizes.map(({ basis, pages: size }) => [basis, size])).toEqual([
    ["touched", 3],
    ["no page-ins", 2],
    ["enough", 2],
    ["knee", 2],
  ]);
  const rows = rightSizes(
    "vm",
    [
      ...sizes,
      { basis: "reported mean", windowNs: 60, pages: 0.4 },
      { basis: "reported max", windowNs: 60, pages: 0 },
      { basis: "working set max", windowNs: 60, pages: 9 },
      { basis: "working set max", windowNs: 600, pages: 9 },
      { basis: "configured", windowNs: NaN, pages: NaN },
    ],
    misses,
    { missesAt: (size) => [NaN, 6][size], enough: 2 },
    3,
    100,
    0.05,
  );
  // By falling size, at one size in the order of SIZE_BASES, then by falling window; part of a page is a page; what is not known is left out.
  expect(rows.map(({ window }) => window)).toEqual([600, 60, NaN, NaN, NaN, NaN, 60, 60]);
  expect(
    rows.map(({ basis, extra, pages: size, misses: missed, pageIns, stall, bound }) => [basis, extra, size, missed, pageIns, stall, bound]),
  ).toEqual([
    ["working set max", NaN, 9, 3, 0, 0, 0],
    ["working set max", NaN, 9, 3, 0, 0, 0],
    ["touched", NaN, 3, 3, 0, 0, 0],
    ["no page-ins", NaN, 2, 3, 0, 0, 0],
    ["enough", 5, 2, 3, 0, 0, 0],
    ["knee", NaN, 2, 3, 0, 0, 0],
    ["reported mean", NaN, 1, 7, 4, 400, 3],
    ["reported max", NaN, 0, 7, 4, 400, 4],
  ]);
});

test("of one page used once there is nothing to read again, and no knee", () => {
  const misses = missesOf([0], 1);
  expect(lruCandidates(misses, 1, 1, 0.05).map(({ pages }) => pages)).toEqual([1, 1, 1, NaN]);
});
