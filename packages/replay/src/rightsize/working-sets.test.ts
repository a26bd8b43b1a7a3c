import fc from "fast-check";
import { expect, test } from "vitest";
import { workingSets, type WorkingSet } from "./working-sets.ts";

interface Touch {
  readonly ns: number;
  readonly page: number;
}
const PAGES = 12;

/** In pieces of these lengths, over and over. */
function found(touches: readonly Touch[], windowsNs: readonly number[], endNs: number, pieces: readonly number[] = [1000]) {
  const sets = workingSets(PAGES, new Set(touches.map(({ page }) => page)).size, windowsNs, 0);
  for (let from = 0, p = 0; from < touches.length; p++) {
    const piece = touches.slice(from, from + (pieces[p % pieces.length] ?? 1));
    sets.step(
      Uint32Array.from(piece, ({ page }) => page),
      Float64Array.from(piece, ({ ns }) => ns),
      piece.length,
    );
    from += piece.length;
  }
  return sets.finish(endNs);
}

/** By the letter of Denning 1968: at every ns, the pages of (t − window, t] are looked for among all touches. */
function slowSets(touches: readonly Touch[], windowsNs: readonly number[], endNs: number): WorkingSet[] {
  const pages = new Set(touches.map(({ page }) => page));
  const firsts = [...pages].map((page) => touches.find((touch) => touch.page === page)?.ns ?? NaN);
  const whole = { windowNs: endNs, meanPages: pages.size, maxPages: pages.size, maxNs: pages.size === 0 ? NaN : Math.max(...firsts) };
  const sets = windowsNs.map((windowNs) => {
    const sizeAt = (t: number): number => new Set(touches.filter(({ ns }) => ns > t - windowNs && ns <= t).map(({ page }) => page)).size;
    const sizes = Array.from({ length: endNs + 1 }, (_, t) => sizeAt(t));
    const maxPages = Math.max(...sizes);
    const inside = sizes.slice(windowNs, endNs);
    return {
      windowNs,
      // Times are whole: the set does not change between two of them.
      meanPages: inside.reduce((sum, size) => sum + size, 0) / inside.length,
      maxPages,
      maxNs: maxPages === 0 ? NaN : sizes.indexOf(maxPages),
    };
  });
  return [...sets, whole];
}

test("worked by hand: two pages, one of them twice", () => {
  // Page 0 at 0 and 6, page 3 at 1. Window 2: page 0 in [0, 2) and [6, 8), page 3 in [1, 3); window 5: page 0 in [0, 5) and [6, 11), page 3 in [1, 6).
  const touches = [
    { ns: 0, page: 0 },
    { ns: 1, page: 3 },
    { ns: 6, page: 0 },
  ];
  expect(found(touches, [2, 5], 10)).toEqual([
    // From 2 to 10: page 3 for 1, page 0 for 2.
    { windowNs: 2, meanPages: 3 / 8, maxPages: 2, maxNs: 1 },
    // From 5 to 10: page 3 for 1, page 0 for 4.
    { windowNs: 5, meanPages: 1, maxPages: 2, maxNs: 1 },
    { windowNs: 10, meanPages: 2, maxPages: 2, maxNs: 1 },
  ]);
});

test("nothing touched, one page at one instant, and one page for ever", () => {
  expect(found([], [3], 9)).toEqual([
    { windowNs: 3, meanPages: 0, maxPages: 0, maxNs: NaN },
    { windowNs: 9, meanPages: 0, maxPages: 0, maxNs: NaN },
  ]);
  expect(found([{ ns: 0, page: 0 }], [], 0)).toEqual([{ windowNs: 0, meanPages: 1, maxPages: 1, maxNs: 0 }]);
  const always = Array.from({ length: 10 }, (_, ns) => ({ ns, page: 0 }));
  expect(found(always, [1, 3], 9)).toEqual([
    { windowNs: 1, meanPages: 1, maxPages: 1, maxNs: 0 },
    { windowNs: 3, meanPages: 1, maxPages: 1, maxNs: 0 },
    { windowNs: 9, meanPages: 1, maxPages: 1, maxNs: 0 },
  ]);
});

test("all windows at once are as a recount of every instant has them, however the touches are cut", () => {
  const touches = fc.array(fc.record({ ns: fc.nat(60), page: fc.nat(PAGES - 1) }), { maxLength: 60, size: "max" });
  const windows = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(touches, windows, pieces, (list, lengths, cuts) => {
      const inOrder = list.toSorted((a, b) => a.ns - b.ns);
      const rising = lengths.toSorted((a, b) => a - b);
      const sets = found(inOrder, rising, 61, cuts);
      const expected = slowSets(inOrder, rising, 61);
      expect(sets.length).toBe(expected.length);
      expected.forEach(({ meanPages, ...rest }, w) => {
        expect(sets[w]).toMatchObject(rest);
        expect(sets[w]?.meanPages).toBeCloseTo(meanPages, 9);
      });
    }),
    { seed: 1, numRuns: 150 },
  );
});
