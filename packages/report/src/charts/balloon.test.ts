import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { balloon } from "./balloon.ts";

describe("balloon", () => {
  chartLaws(balloon, { isScarce: true });
  const run = exampleRun({ isScarce: true });

  test("has size and target of every sample", () => {
    const rows = rowsOf(balloon.numbers(run));
    expect(rows).toHaveLength(140);
    expect(rows.some(({ vmmemctl, vmmemctltarget }) => vmmemctltarget > vmmemctl)).toBe(true);
  });

  test("says how much of it freed nothing", () => {
    expect(balloon.panels(run)[0]?.says).toContain("Over the run it pinned 7,035 pages; 20 % of them had no machine memory behind them");
  });

  test("is not drawn where no balloon grows", () => {
    expect(balloon.panels(exampleRun())).toEqual([]);
  });
});
