import fc from "fast-check";
import { expect, test } from "vitest";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { clock } from "./clock.ts";
import { secondChance } from "./second-chance.ts";

policyLaws(secondChance);

test("where every access sets a bit it chooses as clock does", () => {
  const text = fc.array(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 60 }).map((names) => names.join(" "));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 8 }), (accesses, capacity) => {
      expect(victimsOf(secondChance, capacity, accesses)).toBe(victimsOf(clock, capacity, accesses));
    }),
    { seed: 1, numRuns: 200 },
  );
});
