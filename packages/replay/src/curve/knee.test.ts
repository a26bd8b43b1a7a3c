import { expect, test } from "vitest";
import { enoughOf, kneeOf } from "./knee.ts";

const points = [
  { pages: 1, misses: 90 },
  { pages: 2, misses: 40 },
  { pages: 5, misses: 30 },
  { pages: 8, misses: 11 },
  { pages: 9, misses: 10 },
  { pages: 10, misses: 10 },
];

test("the knee is the point farthest below the line from no memory to all", () => {
  // The line: 100 − 9 · pages, so 82 at 2 pages (42 above the curve), 55 at 5 (25 above).
  expect(kneeOf(points, 100, 10)).toEqual({ pages: 2, misses: 40 });
});

test("a straight curve and one above the line have none", () => {
  expect(kneeOf([{ pages: 5, misses: 55 }], 100, 10)).toBeUndefined();
  expect(kneeOf([{ pages: 9, misses: 100 }], 100, 10)).toBeUndefined();
});

test("enough is the smallest size from which on misses exceed those of all memory by no more than is allowed", () => {
  expect(enoughOf(points, 10, 0.05)).toEqual({ pages: 9, misses: 10 });
  expect(enoughOf(points, 10, 0.1)).toEqual({ pages: 8, misses: 11 });
  expect(enoughOf(points.slice(0, 3), 10, 0.1)).toBeUndefined();
  // Belady's anomaly: less memory may miss less.
  expect(enoughOf([points[5], { pages: 11, misses: 12 }], 10, 0.1)).toBeUndefined();
});
