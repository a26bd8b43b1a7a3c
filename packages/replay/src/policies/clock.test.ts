import { expect, test } from "vitest";
import { NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { clock } from "./clock.ts";

policyLaws(clock, () => {
  const circle: number[] = [];
  const referenced = new Set<number>();
  return {
    admitted: (page) => circle.push(page),
    removed(page) {
      referenced.delete(page);
      circle.splice(circle.indexOf(page), 1);
    },
    touched: (page) => referenced.add(page),
    victim() {
      while (referenced.delete(circle[0])) circle.push(...circle.splice(0, 1));
      return circle[0] ?? NO_PAGE;
    },
  };
});

test("a referenced page is passed over once", () => {
  const accesses = "a b c a d e f g";
  const pushed = "+ + + . b c a d"; // d looks at a first: a has been referenced, and gets behind c
  expect(victimsOf(clock, 3, accesses)).toBe(pushed);
});
