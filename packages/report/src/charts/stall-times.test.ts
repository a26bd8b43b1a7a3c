import { pickTable, rowsOf, stallsTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { stallTimes } from "./stall-times.ts";

describe("stall times", () => {
  chartLaws(stallTimes, { isScarce: true });
  const run = exampleRun({ isScarce: true, samples: 29 });

  test("its intervals sum to what the VM waited since the first sample, cause by cause", () => {
    const table = pickTable(run.tables, stallsTable);
    const cumulative = table === undefined ? [] : rowsOf(table).filter(({ cause }) => cause === "swap-in");
    const rows = rowsOf(stallTimes.numbers(run)).filter(({ cause }) => String(cause) === "swap-in");
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.reduce((sum, { stall }) => sum + stall, 0)).toBe(cumulative.at(-1)?.stall);
    for (const { from, time } of rows) expect(time - from).toBe(7e9 / 28);
  });

  test("says when the VM waited the most", () => {
    expect(stallTimes.panels(run)[0]?.says).toBe("alloc-4k waited the most between 5 s and 5.25 s: 585 ms in each second.");
  });
});
