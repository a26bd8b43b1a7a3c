import { seededRandom } from "@tidemark/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { missCount } from "../miss-count.ts";
import { zipfPages } from "../page-traces.ts";
import { belady } from "../policies/belady.ts";
import { beladyBound, leastMemories } from "./belady-misses.ts";
import { nextUses, type NextUses } from "./next-uses.ts";

const PAGES = 12;
const traces = fc.array(fc.nat(PAGES - 1), { minLength: 1, maxLength: 300, size: "max" }).map((list) => Uint32Array.from(list));
const missesOf = (pages: Uint32Array, pageCount: number, size: number): number =>
  missCount(pages, pageCount, size, belady, {}, seededRandom(1, "", "belady"));

/** Told in two pieces, to less than is announced. */
function nextOf(pages: Uint32Array, pageCount: number): NextUses {
  const { step, found } = nextUses(pageCount, 1);
  const cut = pages.length >>> 1;
  step(pages.subarray(0, cut), cut);
  step(pages.subarray(cut), pages.length - cut);
  return found();
}

describe("misses from next uses alone", () => {
  test("are those of the policy, in every memory, asked in any order", () => {
    fc.assert(
      fc.property(traces, (pages) => {
        const { missesAt } = beladyBound(nextOf(pages, PAGES));
        for (const size of [PAGES + 2, 1, 5, 2, 3, 4, PAGES]) expect(missesAt(size)).toBe(missesOf(pages, PAGES, size));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("also of a trace whose bits take four levels", () => {
    const pages = zipfPages(8192, 100_000);
    const { missesAt } = beladyBound(nextOf(pages, 8192));
    for (const size of [1, 40, 700, 5000]) expect(missesAt(size)).toBe(missesOf(pages, 8192, size));
  });

  test("are not counted beyond what is asked for", () => {
    const { missesAt } = beladyBound(nextOf(Uint32Array.of(0, 1, 2, 0, 1, 2), 3));
    expect([missesAt(1, 4), missesAt(3, 4)]).toEqual([5, 3]);
  });
});

test("the smallest memories for a number of page-ins are those that a look at every size finds", () => {
  fc.assert(
    fc.property(traces, fc.subarray([1, 2, 4, 7, PAGES]), (pages, sizes) => {
      const firsts = new Set(pages).size;
      const allowed = [0, 1, 3, 10, 1000];
      const bound = beladyBound(nextOf(pages, PAGES));
      expect(missesOf(pages, PAGES, bound.enough)).toBe(firsts);
      if (bound.enough > 1) expect(missesOf(pages, PAGES, bound.enough - 1)).toBeGreaterThan(firsts);
      const known = sizes.map((size) => ({ pages: size, misses: missesOf(pages, PAGES, size) }));
      const found = leastMemories(bound, firsts, allowed, known);
      allowed.forEach((pageIns, i) => {
        let size = 1;
        while (missesOf(pages, PAGES, size) > firsts + pageIns) size++;
        expect(found[i]).toEqual({ pages: size, misses: missesOf(pages, PAGES, size) });
      });
    }),
    { seed: 1, numRuns: 60 },
  );
});
