import { expect, test } from "vitest";
import { nameOffsets } from "./name-offsets.ts";

const point = (x: number, y: number, isLeft = false) => ({ x, y, letters: 10, isLeft });

test("names of points far apart stand a little above them", () => {
  expect(nameOffsets([point(0, 100), point(200, 100), point(0, 200)], 300)).toEqual([-8, -8, -8]);
});

test("names of points that lie together keep a line's distance", () => {
  expect(nameOffsets([point(0, 100), point(3, 100), point(6, 100)], 300)).toEqual([-8, 8, -22]);
  expect(nameOffsets([point(100, 100), point(50, 100, true)], 300)).toEqual([-8, -8]);
});

test("names stay inside, and what has no room has no name", () => {
  expect(nameOffsets([point(0, 4), point(0, -5)], 300)).toEqual([-8, 22]);
  expect(nameOffsets([point(0, 299)], 290)).toEqual([-22]);
  const crowd = Array.from({ length: 12 }, () => point(0, 150));
  const offsets = nameOffsets(crowd, 300);
  expect(new Set(offsets.slice(0, 10)).size).toBe(10);
  expect(offsets.slice(10)).toEqual([undefined, undefined]);
});
