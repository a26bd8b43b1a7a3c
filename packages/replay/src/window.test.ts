import { expect, test } from "vitest";
import { defaultSamplePeriod, defaultWindow } from "./window.ts";

test.each([
  [1800e9, 60e9],
  [600e9, 60e9],
  [599e9, 20e9], // 29.95 s is nearer to 20 s than to 50 s by ratio
  [7.058e9, 0.5e9],
  [4.4e6, 0.2e6],
  [20e9, 1e9],
  [0, 1],
  [3, 1],
])("a span of %d ns gets a window of %d ns", (spanNs, windowNs) => {
  expect(defaultWindow(spanNs).windowNs).toBe(windowNs);
});

test.each([
  [1800e9, 60e9, 6e9],
  [7e9, 0.5e9, 0.05e9],
  [10_000e9, 60e9, 12e9],
  [100_000e9, 60e9, 120e9],
  [3, 1, 1],
])("a span of %d ns with a window of %d ns is sampled every %d ns", (spanNs, windowNs, sampleNs) => {
  expect(defaultSamplePeriod(spanNs, windowNs)).toBe(sampleNs);
  expect(spanNs / sampleNs).toBeLessThanOrEqual(1000);
});
