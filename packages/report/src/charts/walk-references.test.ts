import { pickTable, rowsOf, tableOf, translationTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { walkReferences } from "./walk-references.ts";

describe("walk-references", () => {
  chartLaws(walkReferences);

  test("a mode's shares sum to 100", () => {
    const sums = new Map<string, number>();
    for (const { mode, percent } of rowsOf(walkReferences.numbers(exampleRun())))
      sums.set(String(mode), (sums.get(String(mode)) ?? 0) + percent);
    expect([...sums.keys()]).toEqual(["native", "shadow", "shadow-lazy", "nested", "agile", "nested-flat"]);
    for (const [mode, sum] of sums) expect(sum, mode).toBeCloseTo(100, 9);
  });

  test("says the mean and the longest", () => {
    expect(walkReferences.panels(exampleRun())[0]?.says).toMatch(
      /native 1\.70 on average, at most 4; .*nested 4\.70 on average, at most 24/,
    );
  });

  test("a share below half a percent is not nothing", () => {
    const run = exampleRun();
    const table = pickTable(run.tables, translationTable);
    const rows = (table === undefined ? [] : rowsOf(table)).map((row) => (row.counter === "24 references" ? { ...row, value: 3 } : row));
    const rare = { ...run, tables: [tableOf(translationTable, rows)] };
    const texts: readonly { readonly references: number; readonly text: string }[] = Object(walkReferences.panels(rare)[0]?.spec).layer[1]
      .data.values;
    expect(texts.filter(({ references }) => references === 24).map(({ text }) => text)).toEqual(["<1"]);
  });
});
