import fc from "fast-check";
import { expect, test } from "vitest";
import { slowDistances } from "./slow-lru.ts";
import { stackDistances } from "./stack-distances.ts";

const PAGES = 40;

/** In pieces of these lengths, over and over. */
function distancesOf(pages: readonly number[], pieces: readonly number[]): number[] {
  const { step } = stackDistances(PAGES, new Set(pages).size);
  const found: number[] = [];
  for (let from = 0, p = 0; from < pages.length; p++) {
    const piece = Uint32Array.from(pages.slice(from, from + (pieces[p % pieces.length] ?? 1)));
    step(piece, piece.length, (distances, _, length) => void found.push(...distances.subarray(0, length)));
    from += piece.length;
  }
  return found;
}

test("written out: a page at once again has 1, page 0 and the first page are pages like others", () => {
  //                         0  0  1  2  0  2  2  1
  expect(distancesOf([0, 0, 1, 2, 0, 2, 2, 1], [3])).toEqual([0, 1, 0, 0, 3, 2, 1, 3]);
  expect(distancesOf([7, 1, 2, 3, 7], [5])).toEqual([0, 0, 0, 0, 4]);
});

test("distances are those of the list, also when stamps have run out many times, however the accesses are cut", () => {
  // 1,024 stamps at most for 40 pages: 3,000 accesses use them up several times.
  const pages = fc.array(fc.nat(PAGES - 1), { minLength: 1, maxLength: 3000, size: "max" });
  const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(pages, pieces, (list, cuts) => {
      expect(distancesOf(list, cuts)).toEqual(slowDistances(list));
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("so they are with pages enough for several levels of the tree", () => {
  const pageCount = 3000;
  const pages = Uint32Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? i : Math.imul(i, 2654435761) >>> 8) % pageCount);
  const found: number[] = [];
  stackDistances(pageCount, pageCount).step(
    pages,
    pages.length,
    (distances, _, length) => void found.push(...distances.subarray(0, length)),
  );
  expect(found).toEqual(slowDistances(pages));
});
