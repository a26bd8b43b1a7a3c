import { InputError } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { thresholdsOf, withMargin } from "./min-free.ts";

const GB = 2 ** 18;
const minFreeMb = (gigabytes: number): number => thresholdsOf("sliding", gigabytes * GB, 0.1).minFreePages / 256;

test.each([
  [1, 61.44],
  [4, 245.76],
  [8, 409.6],
  [12, 573.44],
  [28, 901.12],
  [128, 1925.12],
])("the sliding scale of a host of %d GB is %d MB", (gigabytes, megabytes) => {
  expect(minFreeMb(gigabytes)).toBeGreaterThanOrEqual(megabytes);
  expect(minFreeMb(gigabytes)).toBeLessThan(megabytes + 1 / 256);
});

test("states begin at 100, 64, 32 and 16 % of minFree and end a tenth higher", () => {
  expect(thresholdsOf(1000, 100_000, 0.1)).toEqual({
    minFreePages: 1000,
    enterBelow: [Infinity, 1000, 640, 320, 160],
    leaveAt: [Infinity, 1100, 704, 352, 176],
  });
});

test("in 2002 soft, hard and low began at 4, 2 and 1 % of memory, minFree was 6 %, and clear is never entered", () => {
  expect(thresholdsOf("percent-2002", 10_000, 0.1)).toEqual({
    minFreePages: 600,
    enterBelow: [Infinity, 400, 400, 200, 100],
    leaveAt: [Infinity, 440, 440, 220, 110],
  });
});

test("thresholds fall from state to state, whatever the host's size", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("sliding" as const, "percent-2002" as const),
      fc.integer({ min: 16, max: 2 ** 32 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (rule, pages, hysteresis) => {
        const { minFreePages, enterBelow, leaveAt } = thresholdsOf(rule, pages, hysteresis);
        const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => b - a);
        expect(enterBelow).toEqual(sorted(enterBelow));
        expect(leaveAt).toEqual(sorted(leaveAt));
        expect(enterBelow[1]).toBeLessThanOrEqual(minFreePages);
        enterBelow.forEach((threshold, state) => expect(leaveAt[state]).toBeGreaterThanOrEqual(threshold));
      },
    ),
    { seed: 1 },
  );
});

test("a tenth more of a number of tens is whole", () => {
  let wrong = 0;
  for (let tens = 0; tens < 1_000_000; tens++) if (withMargin(10 * tens, 0.1) !== 11 * tens) wrong++;
  expect(wrong).toBe(0);
  expect(withMargin(11, 0.1)).toBe(13);
});

test("a minFree that leaves nothing is the user's mistake", () => {
  expect(() => thresholdsOf(1000, 1000, 0.1)).toThrow(InputError);
  expect(() => thresholdsOf(1000, 1000, 0.1)).toThrow(
    "minFree: 3.9 MiB of a host of 3.9 MiB leave nothing for VMs; give less, or more memory",
  );
  expect(() => thresholdsOf(0.5, 1000, 0.1)).toThrow(InputError);
  expect(thresholdsOf(0, 1000, 0.1).enterBelow).toEqual([Infinity, 0, 0, 0, 0]);
});
