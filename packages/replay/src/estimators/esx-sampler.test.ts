import { readFileSync } from "node:fs";
import { readParams, seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import type { Estimate } from "../estimator.ts";
import { estimatorLaws } from "../estimator-laws.ts";
import { esxSampler, wilson } from "./esx-sampler.ts";

estimatorLaws(esxSampler);

/** Reads after each of `periods` periods of a VM in which the PPNs below `activeOf(period)` are touched every period. */
function readings(
  given: Record<string, string | number>,
  sizePages: number,
  periods: number,
  activeOf: (period: number) => number,
): Estimate[] {
  let epoch = 0;
  let activePages = 0;
  const view = {
    configuredPages: sizePages,
    epoch: () => epoch,
    touchedSince: (ppn: number) => ppn < activePages,
    countTouchedSince: () => activePages,
  };
  const estimation = esxSampler.create(view, readParams("esx-sampler", esxSampler.params, given), seededRandom(1, "vm", "esx-sampler"));
  return Array.from({ length: periods }, (_, period) => {
    activePages = activeOf(period);
    epoch++;
    estimation.periodEnded();
    return estimation.read();
  });
}

function shapeOf(values: readonly number[]) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd, skew: values.reduce((a, b) => a + (b - mean) ** 3, 0) / values.length / sd ** 3 };
}

// mem.active of a 10 GiB VM on a real host, in per cent of its size, one value per 60 s period.
const SIZE_KB = 10 * 2 ** 20;
const captured = readFileSync(new URL("../../fixtures/esxi-vm-active-20s.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => (Number(line.split(",")[1]) / SIZE_KB) * 100);

test("a measured host reports on a 1 % grid and holds each value for a period; so does the sampler", () => {
  for (const percent of captured) expect(Math.abs(percent - Math.round(percent))).toBeLessThan(1e-4);
  captured.forEach((percent, i) => {
    if (i % 3 !== 0) expect(percent).toBe(captured[i - 1]); // 20 s samples, 60 s periods
  });
  const sizePages = SIZE_KB / 4;
  for (const { reported } of readings({}, sizePages, 200, () => Math.round(0.335 * sizePages))) {
    const percent = (reported / sizePages) * 100;
    expect(Math.abs(percent - Math.round(percent))).toBeLessThan(1e-4);
  }
});

test("spread, skew and bias are those of the measured host, between the gains that fit it", () => {
  const measured = shapeOf(captured.filter((_, i) => i % 3 === 0));
  const sizePages = SIZE_KB / 4;
  const of = (slow: number, fast: number) =>
    shapeOf(
      readings({ slow, fast }, sizePages, 20_000, () => Math.round(0.335 * sizePages)).map(({ reported }) => (reported / sizePages) * 100),
    );
  const [calm, standard, lively] = [of(0.1, 0.4), of(0.15, 0.5), of(0.25, 0.75)];
  expect(calm.sd).toBeLessThan(measured.sd);
  expect(lively.sd).toBeGreaterThan(measured.sd);
  expect(Math.abs(standard.sd - measured.sd)).toBeLessThan(0.4);
  // Raw samples would spread √(f(1−f)/n) = 4.7 points without skew; smoothing halves it and the maximum skews it upwards.
  expect(standard.sd).toBeLessThan(4.7 / 2);
  expect(measured.skew).toBeGreaterThan(0.3);
  expect(standard.skew).toBeGreaterThan(0.3);
  // Stationary loads read one to two points high.
  expect(standard.mean - 33.5).toBeGreaterThan(1);
  expect(standard.mean - 33.5).toBeLessThan(2);
});

test("quick up, slow down", () => {
  const sizePages = 10_000;
  const read = readings({ pages: 10_000 }, sizePages, 40, (period) => (period >= 10 && period < 20 ? 8000 : 1000));
  expect(read[9].reported).toBe(1000);
  expect(read[10].reported).toBe(4500); // one period later: half way by the fast gain
  expect(read[12].reported).toBeGreaterThan(7000);
  expect(read[20].reported).toBeGreaterThan(4000); // the slow average holds it up
  expect(read[39].reported).toBeLessThan(1500);
});

test("the Wilson interval of cases worked by hand", () => {
  const half = (f: number) => (wilson(f, 100).high - wilson(f, 100).low) / 2;
  expect(half(0.5)).toBeCloseTo(0.096, 3);
  expect(half(0.1)).toBeCloseTo(0.06, 2);
  expect(wilson(0, 100)).toEqual({ low: 0, high: expect.closeTo(0.037, 3) });
  expect(wilson(0.5, 9604).high - 0.5).toBeCloseTo(0.01, 4);
});
