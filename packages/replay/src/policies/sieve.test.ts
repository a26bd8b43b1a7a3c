import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { sieve } from "./sieve.ts";

policyLaws(sieve, () => {
  const queue: number[] = [];
  const visited = new Set<number>();
  let hand = 0; // an index: pages that leave before it move it
  return {
    admitted: (page) => queue.push(page),
    removed(page) {
      visited.delete(page);
      if (queue.indexOf(page) < hand) hand--;
      queue.splice(queue.indexOf(page), 1);
      // Past the newest, the hand is at the oldest from now on, even if pages join meanwhile.
      if (hand >= queue.length) hand = 0;
    },
    touched: (page) => visited.add(page),
    victim() {
      if (queue.length === 0) return NO_PAGE;
      while (visited.delete(queue[hand])) hand = (hand + 1) % queue.length;
      return queue[hand];
    },
  };
});

test("a visited page keeps its place, and the hand goes on to the new ones", () => {
  const accesses = "a b c a d e f g";
  const pushed = "+ + + . b c d e"; // clock would give up a at f
  expect(victimsOf(sieve, 3, accesses)).toBe(pushed);
});
