import { expect, test } from "vitest";
import { formatCount, formatFigure, formatShare, inUnit, memoryUnit, MIB } from "./memory-unit.ts";

test.each([
  [5, "KiB"],
  [256, "MiB"],
  [262_144, "MiB"],
  [16 * 262_144, "GiB"],
])("an axis up to %d pages is in %s", (pages, unit) => {
  expect(memoryUnit(pages).name).toBe(unit);
});

test("pages in a unit; the unknown stays unknown", () => {
  expect(inUnit(56_275, MIB)).toBe(219.824);
  expect(inUnit(NaN, MIB)).toBeNull();
});

test("shares keep a digit below ten percent and never round something to nothing, or a part to all", () => {
  expect([
    formatShare(33_063, 56_275),
    formatShare(525, 56_275),
    formatShare(1, 56_275),
    formatShare(0, 5),
    formatShare(-1_000, 56_275),
    formatShare(1, 0),
    formatShare(99.4, 100),
    formatShare(99.6, 100),
    formatShare(19_991, 20_000),
    formatShare(20_000, 20_000),
    formatShare(-19_991, 20_000),
  ]).toEqual(["59 %", "0.9 %", "< 0.1 %", "0 %", "−1.8 %", "–", "99 %", "99.6 %", "> 99.9 %", "100 %", "< −99.9 %"]);
});

test("figures keep two digits behind the point below ten, and something is never nothing", () => {
  expect([0, 0.0001, 0.0553, 1.8249, 2.2, 24, 9.996, 31.25, 1641.7].map(formatFigure)).toEqual([
    "0",
    "< 0.01",
    "0.06",
    "1.82",
    "2.20",
    "24",
    "10.0",
    "31.3",
    "1,642",
  ]);
});

test("counts with tenths add up as they are printed: what sharing saves and whole pages", () => {
  for (const saved of [0.25, 0.05, 1 / 3, 0.95, 3_747.25, 3_747.449_999_999_9]) {
    const read = (n: number): number => Math.round(10 * Number(formatCount(n).replaceAll(",", "").replace("−", "-")));
    expect(read(-saved) + read(19_511), String(saved)).toBe(read(19_511 - saved));
  }
  expect(formatCount(-0.01)).toBe("0");
  expect(formatCount(2 ** 53 - 1)).toBe("9,007,199,254,740,991");
});
