import { rowsOf, timelineTable, pickTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { SAMPLES_MAX } from "../bounds.ts";
import { exampleRun } from "../testing.ts";
import { gapOverTime } from "./gap-over-time.ts";

describe("gap over time", () => {
  chartLaws(gapOverTime);

  test("stacks every sample up to granted memory, one row per class", () => {
    const run = exampleRun({ samples: 30 });
    const granted = pickTable(run.tables, timelineTable)?.columns.granted ?? [];
    const sums = new Map<number, number>();
    for (const { time, pages } of rowsOf(gapOverTime.numbers(run))) sums.set(time, (sums.get(time) ?? 0) + pages);
    expect([...sums.values()]).toEqual([...granted]);
  });

  test("draws a bounded number of samples, the explained instant's among them", () => {
    const run = exampleRun({ samples: 7_001, instants: ["3.333s"] });
    const times = new Set(rowsOf(gapOverTime.numbers(run)).map(({ time }) => time));
    expect(times.size).toBeLessThanOrEqual(SAMPLES_MAX);
    expect(times).toContain(3.333e9);
    expect(times).toContain(0);
    expect(times).toContain(7e9);
  });
});
