import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { twoQ } from "./2q.ts";

policyLaws(twoQ, ({ capacity }) => {
  let [a1in, am, a1out]: number[][] = [[], [], []];
  const without = (pages: number[], page: number) => pages.filter((other) => other !== page);
  return {
    admitted(page) {
      (a1out.includes(page) ? am : a1in).push(page);
      a1out = without(a1out, page);
      while (a1out.length > Math.floor(capacity() / 2)) a1out.shift();
    },
    removed(page, isPagedOut) {
      if (isPagedOut && a1in.includes(page)) a1out.push(page);
      [a1in, am] = [without(a1in, page), without(am, page)];
    },
    touched(page) {
      if (am.includes(page)) am = [...without(am, page), page];
    },
    victim: () => (am.length === 0 || a1in.length > Math.floor(capacity() / 4) ? a1in[0] : am[0]) ?? NO_PAGE,
  };
});

test("a page that comes back after it left the FIFO outlives a scan", () => {
  // Four pages of memory: one for new pages, two remembered. The second a is kept for good.
  const accesses = "a b c d e a f g h i a";
  const pushed = "+ + + + a b c d e f .";
  expect(victimsOf(twoQ, 4, accesses)).toBe(pushed);
});

test("references in the FIFO count for nothing", () => {
  expect(victimsOf(twoQ, 4, "a a a b c d e f")).toBe("+ . . + + + a b");
});

test("a page that left longer ago than is remembered is new", () => {
  // Remembered when a returns the first time: b, c. The second time it has left from the FIFO again.
  expect(victimsOf(twoQ, 4, "a b c d e f g a h i")).toBe("+ + + + a b c d e f");
});
