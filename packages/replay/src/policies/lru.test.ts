import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { missesIn, policyLaws, victimsOf } from "../policy-laws.ts";
import { lru } from "./lru.ts";

policyLaws(lru, () => {
  const queue: number[] = [];
  const leave = (page: number) => queue.splice(queue.indexOf(page), 1);
  return {
    admitted: (page) => queue.push(page),
    removed: leave,
    touched: (page) => queue.push(...leave(page)),
    victim: () => queue[0] ?? NO_PAGE,
  };
});

test("gives up the page referenced longest ago", () => {
  const accesses = "a b c a d e a";
  const pushed = "+ + + . b c .";
  expect(victimsOf(lru, 3, accesses)).toBe(pushed);
});

test("is a stack algorithm: more memory never misses more (Mattson 1970)", () => {
  const text = fc.array(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 60 }).map((names) => names.join(" "));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 8 }), (accesses, capacity) => {
      expect(missesIn(victimsOf(lru, capacity + 1, accesses))).toBeLessThanOrEqual(missesIn(victimsOf(lru, capacity, accesses)));
    }),
    { seed: 1, numRuns: 100 },
  );
});
