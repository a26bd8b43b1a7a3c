import fc from "fast-check";
import { expect, test } from "vitest";
import { PageSet } from "./page-set.ts";
import { NO_PAGE } from "./policy.ts";

test("finds what a sorted list finds", () => {
  const step = fc.record({ page: fc.nat(69_999), isAdded: fc.boolean(), isRange: fc.nat(9).map((n) => n === 0), from: fc.nat(69_999) });
  const pages = fc.constantFrom(1, 31, 32, 33, 1024, 1025, 33_000, 70_000);
  fc.assert(
    fc.property(pages, fc.array(step, { maxLength: 60, size: "max" }), (size, steps) => {
      const set = new PageSet(size);
      const model = new Set<number>();
      for (const { page, isAdded, isRange, from } of steps) {
        if (isRange) set.removeRange(page % size, from % size);
        else if (isAdded) set.add(page % size);
        else set.remove(page % size);
        if (isRange) model.forEach((each) => void (each >= page % size && each < from % size && model.delete(each)));
        else if (isAdded) model.add(page % size);
        else model.delete(page % size);
        const sorted = [...model].sort((a, b) => a - b);
        const starts = [from % size, page % size, (page % size) + 1, 0];
        expect(set.has(from % size)).toBe(model.has(from % size));
        expect(starts.map((at) => set.from(at))).toEqual(starts.map((at) => sorted.find((each) => each >= at) ?? NO_PAGE));
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("each page of a full set is found, and none behind the last", () => {
  const set = new PageSet(1100);
  for (let page = 0; page < 1100; page++) set.add(page);
  for (let page = 0; page < 1100; page++) expect(set.from(page)).toBe(page);
  expect(set.from(1100)).toBe(NO_PAGE);
  for (let page = 0; page < 1100; page++) set.remove(page);
  expect(set.from(0)).toBe(NO_PAGE);
});
