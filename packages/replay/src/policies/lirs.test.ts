import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { missesIn, policyLaws, victimsOf } from "../policy-laws.ts";
import { lirs } from "./lirs.ts";

// The stack and the queue of Jiang 2002 over arrays, oldest first. At these sizes one page may be cold.
policyLaws(lirs, ({ capacity }) => {
  let [stack, queue, gone]: number[][] = [[], [], []];
  const hot = new Set<number>();
  const without = (pages: number[], page: number) => pages.filter((other) => other !== page);
  const onTop = (page: number) => {
    stack = [...without(stack, page), page];
  };
  const prune = () => {
    while (stack.length > 0 && !hot.has(stack[0])) gone = without(gone, stack.splice(0, 1)[0]);
  };
  const makeHot = (page: number) => {
    hot.add(page);
    queue = without(queue, page);
    while (hot.size > capacity() - 1) {
      const [bottom] = stack.splice(0, 1);
      hot.delete(bottom);
      queue.push(bottom);
      prune();
    }
  };
  return {
    admitted(page) {
      const isHot = stack.includes(page) || hot.size < capacity() - 1;
      gone = without(gone, page);
      onTop(page);
      if (isHot) makeHot(page);
      else queue.push(page);
      prune();
      while (stack.length > 2 * capacity() && gone.length > 0) stack = without(stack, gone.splice(0, 1)[0]);
    },
    removed(page, isPagedOut) {
      if (isPagedOut && stack.includes(page) && !hot.has(page)) gone.push(page);
      else stack = without(stack, page);
      hot.delete(page);
      queue = without(queue, page);
      prune();
    },
    touched(page) {
      const wasInStack = stack.includes(page);
      onTop(page);
      if (!hot.has(page) && wasInStack) makeHot(page);
      else if (!hot.has(page)) queue = [...without(queue, page), page];
      prune();
    },
    victim: () => queue[0] ?? stack[0] ?? NO_PAGE,
  };
});

test("a page referenced again while in the stack becomes hot, and the hot page referenced longest ago cold", () => {
  // Two hot pages, one cold. d pushes out c, which the stack remembers: back, it is hot, and b, at the bottom, is the cold one.
  const accesses = "a b c a d c e a c";
  const pushed = "+ + + . c d b . .";
  expect(victimsOf(lirs, 3, accesses)).toBe(pushed);
});

test("a page that has left the stack is no better than a new one", () => {
  // b and a cover c in the stack, which then forgets it: its next reference does not make it hot.
  expect(victimsOf(lirs, 3, "a b c a b c d a b")).toBe("+ + + . . . c . .");
});

test("a reference to a cold page that has left the stack puts it at the end of the queue", () => {
  expect(victimsOf(lirs, 4, "a b c d a b c e", { cold: 0.5 })).toBe("+ + + + . . . d");
});

test("keeps most of a loop that does not fit", () => {
  const loop = Array.from({ length: 10 }, () => "a b c d e f").join(" ");
  // Four pages hot; the other two share what is left: six misses, then two in every round.
  expect(missesIn(victimsOf(lirs, 5, loop))).toBe(6 + 9 * 2);
});
