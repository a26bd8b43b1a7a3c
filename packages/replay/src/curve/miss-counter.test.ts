import { readParams, seededRandom } from "@tidemark/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clock } from "../policies/clock.ts";
import { fifo } from "../policies/fifo.ts";
import { lru } from "../policies/lru.ts";
import type { Policy } from "../policy.ts";
import { clockMisses } from "./clock-misses.ts";
import { fifoMisses } from "./fifo-misses.ts";
import { lruCurve } from "./lru-curve.ts";
import { lruMisses } from "./lru-misses.ts";
import type { MissCounter } from "./miss-counter.ts";
import { policyMisses } from "./policy-misses.ts";

const PAGES = 24;
const traces = fc.array(fc.nat(PAGES - 1), { minLength: 1, maxLength: 400, size: "max" });

/** Played in two pieces. */
function missesOf(counter: MissCounter, pages: Uint32Array, cut = pages.length >>> 1): number {
  counter.step(pages.subarray(0, cut), cut);
  counter.step(pages.subarray(cut), pages.length - cut);
  return counter.misses();
}
const asWritten = (policy: Policy, pageCount: number, capacity: number): MissCounter =>
  policyMisses(pageCount, capacity, policy, readParams(policy.name, policy.params, {}), seededRandom(1, "", policy.name));

describe.each([
  { policy: lru, fast: lruMisses },
  { policy: fifo, fast: fifoMisses },
  { policy: clock, fast: clockMisses },
])("$policy.name", ({ policy, fast }) => {
  test("misses as the policy does, in every memory up to more than there are pages", () => {
    fc.assert(
      fc.property(traces, fc.integer({ min: 1, max: PAGES + 2 }), (list, capacity) => {
        const pages = Uint32Array.from(list);
        expect(missesOf(fast(PAGES, capacity), pages)).toBe(missesOf(asWritten(policy, PAGES, capacity), pages));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
  test("so it does when numbers have run out several times", () => {
    // Half of the accesses to a tenth of the pages; for LRU 400,000 of them have numbers up to 80,000.
    const pages = Uint32Array.from({ length: 400_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 7) % (i % 2 === 0 ? 20_000 : 2000));
    for (const capacity of [1, 300, 9001])
      expect(missesOf(fast(20_000, capacity), pages, 70_001)).toBe(missesOf(asWritten(policy, 20_000, capacity), pages));
  });
});

test("the curve of LRU is the replay of LRU at every size", () => {
  fc.assert(
    fc.property(traces, (list) => {
      const pages = Uint32Array.from(list);
      const distinct = new Set(list).size;
      const curve = lruCurve(PAGES, distinct);
      curve.step(pages, pages.length);
      const misses = curve.finish();
      expect(misses[0]).toBe(pages.length);
      for (let size = 1; size <= distinct; size++) expect(misses[size]).toBe(missesOf(asWritten(lru, PAGES, size), pages));
    }),
    { seed: 1, numRuns: 100 },
  );
});
