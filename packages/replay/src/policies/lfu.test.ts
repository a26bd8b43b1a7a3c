import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { lfu } from "./lfu.ts";

policyLaws(lfu, () => {
  const counts: { page: number; count: number }[] = []; // in the order in which they came to their counts
  const take = (page: number) =>
    counts.splice(
      counts.findIndex((c) => c.page === page),
      1,
    )[0].count;
  return {
    admitted: (page) => counts.push({ page, count: 1 }),
    removed: take,
    touched: (page) => counts.push({ page, count: take(page) + 1 }),
    victim: () => counts.reduce((rarest, c) => (c.count < rarest.count ? c : rarest), counts[0] ?? { page: NO_PAGE, count: 0 }).page,
  };
});

test("counts while resident; of equals the first to reach the count goes", () => {
  const accesses = "a b b a c d a e b";
  const pushed = "+ + . . b c . d e"; // b came to two references before a; back again, it starts at one
  expect(victimsOf(lfu, 2, accesses)).toBe(pushed);
});
