import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

const take = (n: number, ...of: Parameters<typeof seededRandom>): number[] => {
  const random = seededRandom(...of);
  return Array.from({ length: n }, random);
};

test("equal seed, VM and purpose give equal numbers; any difference gives others", () => {
  const base = take(5, 1, "vm", "sampler");
  expect(take(5, 1, "vm", "sampler")).toEqual(base);
  for (const other of [take(5, 2, "vm", "sampler"), take(5, 1, "vm2", "sampler"), take(5, 1, "vm", "swap")])
    expect(other).not.toEqual(base);
});

test("the numbers are uniform in [0, 1)", () => {
  const bins = Array.from({ length: 16 }, () => 0);
  const numbers = take(160_000, 3, "vm", "uniform");
  expect(numbers.every((x) => x >= 0 && x < 1)).toBe(true);
  for (const x of numbers) bins[Math.floor(x * 16)]++;
  const chi2 = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  expect(chi2).toBeLessThan(37.7); // 99.9 % of χ² with 15 degrees of freedom
});
