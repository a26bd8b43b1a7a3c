import fc from "fast-check";
import { expect, test } from "vitest";
import { fewestMisses, missesIn, policyLaws, victimsOf } from "../policy-laws.ts";
import { belady } from "./belady.ts";

policyLaws(belady);

test("gives up the page needed last", () => {
  const accesses = "a b c d b a d c b";
  const pushed = "+ + + c . . . a ."; // lru would give up a, then b
  expect(victimsOf(belady, 3, accesses)).toBe(pushed);
});

test("misses as little as anyone can", () => {
  const pages = fc.array(fc.nat(9), { minLength: 1, maxLength: 80, size: "max" });
  fc.assert(
    fc.property(pages, fc.integer({ min: 1, max: 10 }), (accesses, capacity) => {
      expect(missesIn(victimsOf(belady, capacity, accesses.join(" ")))).toBe(fewestMisses(accesses, capacity));
    }),
    { seed: 1, numRuns: 300 },
  );
});
