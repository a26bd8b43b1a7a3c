import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { arc } from "./arc.ts";

// Figure 4 of Megiddo 2003 over arrays, oldest first.
policyLaws(arc, ({ capacity }) => {
  let [t1, t2, b1, b2]: number[][] = [[], [], [], []];
  let p = 0;
  let cameBack = { page: NO_PAGE, isFromB2: false };
  const without = (pages: number[], page: number) => pages.filter((other) => other !== page);
  const adapt = (page: number) => {
    if (b1.includes(page)) p = Math.min(capacity(), p + (b1.length >= b2.length ? 1 : b2.length / b1.length));
    if (b2.includes(page)) p = Math.max(0, p - (b2.length >= b1.length ? 1 : b1.length / b2.length));
    if (b1.includes(page) || b2.includes(page)) cameBack = { page, isFromB2: b2.includes(page) };
    [b1, b2] = [without(b1, page), without(b2, page)];
  };
  return {
    admitted(page) {
      adapt(page);
      (cameBack.page === page ? t2 : t1).push(page);
      cameBack = { page: NO_PAGE, isFromB2: false };
      while (t1.length + b1.length > capacity() && b1.length > 0) b1.shift();
      while (t1.length + t2.length + b1.length + b2.length > 2 * capacity() && b2.length > 0) b2.shift();
    },
    removed(page, isPagedOut) {
      if (isPagedOut) (t1.includes(page) ? b1 : b2).push(page);
      [t1, t2] = [without(t1, page), without(t2, page)];
    },
    touched(page) {
      [t1, t2] = [without(t1, page), [...without(t2, page), page]];
    },
    victim(incoming) {
      if (incoming !== NO_PAGE) adapt(incoming);
      p = Math.min(p, capacity());
      const isFromB2 = incoming !== NO_PAGE && cameBack.page === incoming && cameBack.isFromB2;
      const isOver = t1.length > 0 && (t1.length > p || (isFromB2 && t1.length === p));
      return (isOver || t2.length === 0 ? t1[0] : t2[0]) ?? NO_PAGE;
    },
  };
});

test("a page that comes back moves memory to the list that it fell from", () => {
  // a was seen twice, so c pushes out b; b comes back from B1, T1 is now entitled to a page, and a goes.
  const accesses = "a a b c b";
  const pushed = "+ . + b a";
  expect(victimsOf(arc, 2, accesses)).toBe(pushed);
});

test("and back: from B2, the list of pages seen often grows again", () => {
  // After the above T1 = c, T2 = b, B2 = a, target 1. The return of a sets the target to 0: c goes; d then takes the older of T2.
  expect(victimsOf(arc, 2, "a a b c b a d")).toBe("+ . + b a c b");
});

test("pages seen twice survive a scan", () => {
  expect(victimsOf(arc, 4, "a a b b c d e f g h a b")).toBe("+ . + . + + c d e f . .");
});
