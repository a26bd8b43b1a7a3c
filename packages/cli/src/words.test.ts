import { expect, test } from "vitest";
import { percentText, whole } from "./words.ts";

test("numbers less than none stand behind a minus sign, as sizes do", () => {
  expect([56_275.4, -56_275.4, -0.6].map(whole)).toEqual(["56,275", "−56,275", "−1"]);
  expect([-11.94, 66.6].map((n) => percentText(n, 1))).toEqual(["−11.9 %", "66.6 %"]);
});

test("what rounds to nothing has no sign", () => {
  expect([0, -0.5].map(whole)).toEqual(["0", "0"]);
  expect([-0.0001, -0].map((n) => percentText(n, 2))).toEqual(["0.00 %", "0.00 %"]);
});
