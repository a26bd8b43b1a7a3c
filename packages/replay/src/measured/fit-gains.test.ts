import { readFileSync } from "node:fs";
import { seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { fitGains } from "./fit-gains.ts";

/** What a sampler of 100 pages with these gains reports, on its 1 % grid: written out again, without the estimator. */
function sampled(slow: number, fast: number, shares: readonly number[]): Float64Array {
  const random = seededRandom(5, "vm", "test");
  let [slowly, quickly] = [shares[0] ?? 0, shares[0] ?? 0];
  return Float64Array.from(shares, (share) => {
    const seen = Array.from({ length: 100 }, () => Number(random() < share)).reduce((a, b) => a + b) / 100;
    const held = Math.max(slowly, quickly, quickly + fast * (seen - quickly));
    slowly += slow * (seen - slowly);
    quickly += fast * (seen - quickly);
    return Math.round(held * 100) / 100;
  });
}

const steady = (periods: number, share: number): readonly number[] => Array.from({ length: periods }, () => share);
const swings = Array.from({ length: 60 }, (_, i) => (i % 20 < 10 ? 0.2 : 0.6));

test.each([
  [0.15, 0.5],
  [0.05, 0.8],
])("finds the gains %f and %f that made a steady series, within its own bands", (slow, fast) => {
  const fit = fitGains({ reported: sampled(slow, fast, steady(100, 0.335)), touched: undefined }, 100, 1);
  expect(fit?.slowBand[0]).toBeLessThanOrEqual(slow);
  expect(fit?.slowBand[1]).toBeGreaterThanOrEqual(slow);
  expect(fit?.fastBand[0]).toBeLessThanOrEqual(fast);
  expect(fit?.fastBand[1]).toBeGreaterThanOrEqual(fast);
  expect(Math.abs((fit?.share ?? 0) - 0.335)).toBeLessThan(0.01);
  expect(Math.abs((fit?.fast ?? 0) - fast)).toBeLessThan(0.11);
  expect(fit?.unexplained).toBe(0.005); // all is explained
});

test("finds them on a load that swings, where the replay knows what was touched; taken as steady much stays unexplained", () => {
  const reported = sampled(0.15, 0.5, swings);
  const fit = fitGains({ reported, touched: Float64Array.from(swings) }, 100, 1);
  expect(fit).toMatchObject({ slow: expect.closeTo(0.15, 1), fast: expect.closeTo(0.5, 1) });
  expect(fit?.unexplained).toBe(0.005);
  expect(fitGains({ reported, touched: undefined }, 100, 1)?.unexplained).toBeGreaterThan(0.02);
});

test("samples that are missing are passed over; a few periods are no series", () => {
  const reported = sampled(0.15, 0.5, steady(40, 0.3)).map((share, i) => (i % 4 === 1 ? NaN : share));
  expect(fitGains({ reported, touched: undefined }, 100, 1)).toMatchObject({ periods: 30 });
  expect(fitGains({ reported: reported.slice(0, 9), touched: undefined }, 100, 1)).toBeUndefined();
});

test("the captured host: its reports fall at once after they have risen, which no gains of this sampler give", () => {
  const lines = readFileSync(new URL("../../fixtures/esxi-vm-active-20s.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const shares = Float64Array.from(lines, (line) => Number(line.split(",")[1]) / (10 * 2 ** 20)).filter((_, i) => i % 3 === 0);
  const fit = fitGains({ reported: shares, touched: undefined }, 100, 1);
  expect(fit).toEqual({
    periods: 34,
    slow: 0.1,
    slowBand: [0.02, 0.4],
    fast: 0.5,
    fastBand: [0.2, 0.8],
    share: expect.closeTo(0.331, 3),
    error: expect.closeTo(0.0217, 4),
    unexplained: 0.015,
  });
});
