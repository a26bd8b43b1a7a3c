import { expect, test } from "vitest";
import { lastAtOrBefore, thinned } from "./thin.ts";

const rows = Array.from({ length: 2_000 }, (_, i) => ({ time: Math.floor(i / 2) * 10, class: i % 2 }));

test("few samples are left as they are", () => {
  expect(thinned(rows, 1_000, [])).toBe(rows);
});

test("many samples are picked evenly, whole, with the ends and the samples at or before the instants to keep", () => {
  const kept = thinned(rows, 50, [4_567]);
  const times = [...new Set(kept.map(({ time }) => time))];
  expect(times.length).toBeLessThanOrEqual(50);
  expect(times.length).toBeGreaterThan(45);
  expect([times[0], times.at(-1)]).toEqual([0, 9_990]);
  expect(times).toContain(4_560);
  expect(kept).toHaveLength(times.length * 2);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(220);
});

test("the last time at or before", () => {
  expect(lastAtOrBefore([0, 10, 20], 19)).toBe(10);
  expect(lastAtOrBefore([0, 10, 20], 20)).toBe(20);
  expect(lastAtOrBefore([10, 20], 5)).toBeNaN();
});
