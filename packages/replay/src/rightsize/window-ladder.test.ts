import { expect, test } from "vitest";
import { windowLadder } from "./window-ladder.ts";

const S = 1e9;
const inSeconds = (spanS: number): number[] => windowLadder(spanS * S).map((ns) => ns / S);

test("from a second on, shorter than the span", () => {
  expect(inSeconds(1800)).toEqual([1, 2, 5, 10, 30, 60, 120, 300, 600]);
  expect(inSeconds(1801)).toEqual([1, 2, 5, 10, 30, 60, 120, 300, 600, 1800]);
});

test("of short spans from a hundredth of them on; none where there is no time", () => {
  expect(inSeconds(7)).toEqual([0.1, 0.2, 0.5, 1, 2, 5]);
  expect(windowLadder(40)).toEqual([1, 2, 5, 10, 20]);
  expect([windowLadder(1), windowLadder(0)]).toEqual([[], []]);
});
