import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { s3fifo } from "./s3fifo.ts";

// Algorithm 1 of Yang 2023 over arrays, oldest first.
policyLaws(s3fifo, ({ capacity }) => {
  let [small, main, ghost]: number[][] = [[], [], []];
  const uses = new Map<number, number>();
  const usesOf = (page: number) => uses.get(page) ?? 0;
  const without = (pages: number[], page: number) => pages.filter((other) => other !== page);
  const fromMain = () => {
    while (main.length > 0 && usesOf(main[0]) > 0) {
      uses.set(main[0], usesOf(main[0]) - 1);
      main.push(...main.splice(0, 1));
    }
    return main[0];
  };
  const fromSmall = () => {
    while (small.length > 0 && usesOf(small[0]) > 1) {
      uses.delete(small[0]);
      main.push(...small.splice(0, 1));
    }
    return small[0];
  };
  return {
    admitted(page) {
      (ghost.includes(page) ? main : small).push(page);
      ghost = without(ghost, page);
      while (ghost.length > Math.floor(0.9 * capacity())) ghost.shift();
    },
    removed(page, isPagedOut) {
      uses.delete(page);
      if (isPagedOut && small.includes(page)) ghost.push(page);
      [small, main] = [without(small, page), without(main, page)];
    },
    touched: (page) => uses.set(page, Math.min(3, usesOf(page) + 1)),
    victim: () => (main.length > capacity() - Math.floor(0.1 * capacity()) ? fromMain() : (fromSmall() ?? fromMain())) ?? NO_PAGE,
  };
});

test("what was used twice goes on to the main queue, what comes back goes straight there", () => {
  // Two pages of memory, one for each queue. At c, a goes on and b goes out; b comes back to the main queue, where a is the older.
  const accesses = "a a a b c b d";
  const pushed = "+ . . + b c a";
  expect(victimsOf(s3fifo, 2, accesses, { small: 0.5 })).toBe(pushed);
});

test("one use is not enough to leave the small queue alive", () => {
  expect(victimsOf(s3fifo, 2, "a a b c", { small: 0.5 })).toBe("+ . + a");
  expect(victimsOf(s3fifo, 2, "a a b c", { small: 0.5, uses: 1 })).toBe("+ . + b");
});

test("in the main queue a use buys a round", () => {
  // a and b come to the main queue by way of the ghosts, a first. Then c comes back.
  expect(victimsOf(s3fifo, 2, "a b c a d b c", { small: 0.5, ghost: 5 })).toBe("+ + a b c d a");
  expect(victimsOf(s3fifo, 2, "a b c a d b a c", { small: 0.5, ghost: 5 })).toBe("+ + a b c d . b");
});
