import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { zipf } from "./zipf.ts";

workloadLaws(zipf, { pages: 500 });

test("the page of rank r is accessed about 1/r as often as the first", async () => {
  const counts = new Map<number, number>();
  for (const ppn of await ppnsOf((await made(zipf, { pages: 1000 }, { rows: 200_000 })).folder))
    counts.set(ppn, (counts.get(ppn) ?? 0) + 1);
  const ranked = [...counts.values()].toSorted((a, b) => b - a);
  // The harmonic number of 1,000 is 7.4855: the first page has 26,718 of 200,000, give or take five standard deviations.
  for (const rank of [1, 2, 5, 10]) {
    const expected = 200_000 / 7.4855 / rank;
    expect(Math.abs(ranked[rank - 1] - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test("a guest that is too small is refused in one line, and leaves nothing", async () => {
  await expect(made(zipf, { pages: 5000 }, { memoryBytes: 2 ** 20 })).rejects.toThrow(
    "synth: the workload needs more than the 256 pages of its guest; raise --memory, or lower its pages",
  );
});
