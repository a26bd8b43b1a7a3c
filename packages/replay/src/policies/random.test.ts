import { seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { missCount } from "../miss-count.ts";
import { scanPages } from "../page-traces.ts";
import { policyLaws } from "../policy-laws.ts";
import { random } from "./random.ts";

policyLaws(random);

test("keeps as much of a loop as chance leaves", () => {
  // A page survives a round of the loop if none of the m·n misses in it hits its place among c: m = 1 − (1 − 1/c)^(m·n).
  const [loop, capacity, rounds] = [2000, 1000, 200];
  let expected = 0.5;
  for (let i = 0; i < 100; i++) expected = 1 - (1 - 1 / capacity) ** (expected * loop);
  const misses = missCount(scanPages(loop, loop * rounds), loop, capacity, random, {}, seededRandom(1, "vm", "random"));
  expect(misses / (loop * rounds) / expected).toBeCloseTo(1, 2);
});
