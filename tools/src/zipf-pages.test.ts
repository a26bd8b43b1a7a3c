import { expect, test } from "vitest";
import { zipfPages } from "./zipf-pages.ts";

test("the pages are those of the generator that other programs were measured with", () => {
  const next = zipfPages(2 ** 20);
  expect(Array.from({ length: 16 }, next)).toEqual([
    317779, 380929, 902182, 799141, 0, 489905, 474640, 309236, 174897, 90042, 421139, 413121, 827409, 85008, 9789, 887628,
  ]);
});

test("rank r is drawn 1/r as often as the first", () => {
  const pages = 1024;
  const next = zipfPages(pages);
  const drawn = new Float64Array(pages);
  for (let i = 0; i < 200_000; i++) drawn[next()]++;
  const ofRank = (rank: number): number => drawn[(Math.imul(rank - 1, 0x9e3779b1) >>> 0) & (pages - 1)];
  expect(ofRank(1) / ofRank(2)).toBeCloseTo(2, 1);
  expect(ofRank(1) / ofRank(10)).toBeCloseTo(10, 0);
});
