import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { slru } from "./slru.ts";

policyLaws(slru, ({ capacity }) => {
  const segments: number[][] = [[], [], [], []];
  const max = () => Math.floor(capacity() / 4);
  const segmentOf = (page: number) => segments.findIndex((pages) => pages.includes(page));
  const take = (page: number) => segments[segmentOf(page)].splice(segments[segmentOf(page)].indexOf(page), 1);
  return {
    admitted: (page) => (segments.find((pages) => pages.length < max()) ?? segments[0]).push(page),
    removed: take,
    touched(page) {
      if (segmentOf(page) === 3) return segments[3].push(...take(page));
      segments[segmentOf(page) + 1].push(...take(page));
      for (const lower of [2, 1, 0]) while (segments[lower + 1].length > max()) segments[lower].push(...segments[lower + 1].splice(0, 1));
    },
    victim: () => segments.flat()[0] ?? NO_PAGE,
  };
});

test("a reference promotes, and what overflows goes one segment down", () => {
  const accesses = "a b c d e b f";
  // a and b fill the lower segment, c and d the upper; b then pushes c down behind e.
  const pushed = "+ + + + a . e";
  expect(victimsOf(slru, 4, accesses, { segments: 2 })).toBe(pushed);
});

test("with one segment it is LRU", () => {
  expect(victimsOf(slru, 3, "a b c a d e a", { segments: 1 })).toBe("+ + + . b c .");
});
