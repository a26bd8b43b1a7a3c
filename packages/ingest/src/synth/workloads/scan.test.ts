import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { scan } from "./scan.ts";

workloadLaws(scan, { hot: 50, pages: 3_000 });

test("what is scanned comes by in turn, and the working set all the time", async () => {
  const ppns = await ppnsOf((await made(scan, { hot: 10, pages: 1_000, scanned: 0.25 })).folder);
  const often = new Map<number, number>();
  for (const ppn of ppns) often.set(ppn, (often.get(ppn) ?? 0) + 1);
  const counts = [...often.values()].toSorted((a, b) => b - a);
  expect(counts.length).toBe(1_010);
  // 15,000 of 20,000 accesses for ten pages, and five rounds of the scan.
  expect(counts[9]).toBeGreaterThan(1_300);
  expect(counts[10] - (counts.at(-1) ?? 0)).toBeLessThanOrEqual(1);
});
