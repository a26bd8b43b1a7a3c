import { MARK, openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { phases } from "./phases.ts";

workloadLaws(phases, { sets: 3, pages: 100 });

test("each phase has the pages of its set alone, and a marker at its begin", async () => {
  const { folder } = await made(phases, { sets: 2, pages: 50, phases: 4 });
  const ppns = await ppnsOf(folder);
  const sets = [0, 1, 2, 3].map((phase) => new Set(ppns.slice(phase * 5_000, (phase + 1) * 5_000)));
  expect(sets.map((set) => set.size)).toEqual([50, 50, 50, 50]);
  expect(sets[2]).toEqual(sets[0]);
  expect([...sets[1]].some((ppn) => sets[0].has(ppn))).toBe(false);
  const marks: number[] = [];
  for await (const { length, kind, value } of openTrace(folder).guestEvents())
    for (let i = 0; i < length; i++) if (kind[i] === MARK) marks.push(value[i]);
  expect(marks).toEqual([0, 1, 2, 3]);
});
