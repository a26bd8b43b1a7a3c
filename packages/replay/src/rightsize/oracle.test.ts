import { readParams, seededRandom } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { beladyBound, type Bound } from "../curve/belady-misses.ts";
import { nextUses } from "../curve/next-uses.ts";
import { missCount } from "../miss-count.ts";
import { policies } from "../policies.ts";
import { longestGaps, type Gaps } from "./longest-gaps.ts";
import { oracleRows, oracleTimes } from "./oracle.ts";

type Touch = readonly [ns: number, page: number];
const PAGES = 5;

function gapsOf(touches: readonly Touch[]): Gaps {
  const { step, finish } = longestGaps(PAGES, 100);
  step(
    Uint32Array.from(touches, ([, page]) => page),
    Float64Array.from(touches, ([ns]) => ns),
    touches.length,
  );
  return finish();
}

/** Belady's policy on accesses to these pages. */
function boundOf(...pages: readonly number[]): Bound {
  const { step, found } = nextUses(PAGES, pages.length);
  step(Uint32Array.from(pages), pages.length);
  return beladyBound(found());
}

/** The least page · ns that can be held: every way to take or keep each page in each of its gaps is tried, as far as its page-ins are allowed. */
function slowLeast(touches: readonly Touch[], pageIns: number): number {
  const gaps: number[] = [];
  for (let page = 0; page < PAGES; page++) {
    const times = touches.filter((touch) => touch[1] === page).map(([ns]) => ns);
    for (let i = 1; i < times.length; i++) gaps.push((times[i] ?? 0) - (times[i - 1] ?? 0));
  }
  const least = (from: number, left: number): number => {
    const gap = gaps[from];
    if (gap === undefined) return 0;
    const kept = gap + least(from + 1, left);
    return left === 0 ? kept : Math.min(kept, least(from + 1, left - 1));
  };
  return least(0, pageIns);
}

test("worked by hand: two pages in 20 ns", () => {
  // Page 0 at 0, 8 and 10, page 3 at 4 and 9.
  const gaps = gapsOf([
    [0, 0],
    [4, 3],
    [8, 0],
    [9, 3],
    [10, 0],
  ]);
  // Held if nothing is taken: 20 + 16. Never again from 10 and from 9 on: 10 + 11. In between: 10 and 5, of which the longest gaps are 8 and 5.
  expect(oracleRows("vm", gaps, 0, 20, [0, 3, 4, 40], 3, boundOf(0, 3, 0, 3, 0))).toEqual(
    [
      { vm: "vm", stall: 0, pageIns: 0, consumed: 36 / 20, held: 15 / 20, saved: 21 / 20, size: 2 },
      { vm: "vm", stall: 3, pageIns: 1, consumed: 36 / 20, held: 7 / 20, saved: 29 / 20, size: 2 },
      { vm: "vm", stall: 4, pageIns: 1, consumed: 36 / 20, held: 7 / 20, saved: 29 / 20, size: 2 },
      { vm: "vm", stall: 40, pageIns: 3, consumed: 36 / 20, held: 0, saved: 36 / 20, size: 1 },
    ].map((row) => expect.objectContaining({ ...row, held: expect.closeTo(row.held, 12), saved: expect.closeTo(row.saved, 12) })),
  );
  expect(oracleTimes("vm", gaps, [0, 4, 9, 10]).map(({ consumed, neverAgain }) => [consumed, neverAgain])).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
    [2, 2],
  ]);
});

test("no choice of pages to take holds less, at any number of page-ins", () => {
  const touches = fc.array(fc.tuple(fc.nat(30), fc.nat(PAGES - 1)), { minLength: 1, maxLength: 11, size: "max" });
  fc.assert(
    fc.property(touches, (list) => {
      const inOrder = list.toSorted((a, b) => a[0] - b[0]);
      const stalls = [0, 1, 2, 3, 4, 20];
      const held = oracleRows("vm", gapsOf(inOrder), 0, 31, stalls, 1, boundOf(...inOrder.map(([, page]) => page))).map(
        (row) => row.held * 31,
      );
      stalls.forEach((pageIns, i) => expect(held[i]).toBeCloseTo(slowLeast(inOrder, pageIns), 9));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("no policy that we have holds less on average in a memory of any size, for the page-ins that it causes there", () => {
  const touches = fc.array(fc.tuple(fc.nat(60), fc.nat(PAGES - 1)), { minLength: 1, maxLength: 40, size: "max" });
  fc.assert(
    fc.property(touches, fc.integer({ min: 1, max: PAGES }), (list, size) => {
      const inOrder = list.toSorted((a, b) => a[0] - b[0]);
      const gaps = gapsOf(inOrder);
      // Demand paging fills the memory and then keeps it full.
      const heldNs = [...gaps.firstNs].slice(0, size).reduce((sum, ns) => sum + (61 - ns), 0);
      for (const policy of policies) {
        const pages = Uint32Array.from(inOrder, ([, page]) => page);
        const params = readParams(policy.name, policy.params, {});
        const pageIns = missCount(pages, PAGES, size, policy, params, seededRandom(1, "vm", policy.name)) - gaps.firstNs.length;
        const [bound] = oracleRows("vm", gaps, 0, 61, [pageIns], 1, boundOf(...pages));
        expect((bound?.held ?? NaN) * 61).toBeLessThanOrEqual(heldNs + 1e-9);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});
