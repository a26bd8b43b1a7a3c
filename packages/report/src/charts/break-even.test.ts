import { breakEvenTable, pickTable, rowsOf, tableOf, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { breakEven } from "./break-even.ts";

describe("break-even", () => {
  chartLaws(breakEven);

  const assumedIn = (run: Run): readonly object[] =>
    Object(breakEven.panels(run)[0]?.spec).layer.find((layer: { readonly data: { readonly name: string } }) =>
      layer.data.name.startsWith("assumed"),
    ).data.values;

  test("marks the assumed costs, if they are on the map", () => {
    const run = exampleRun();
    expect(assumedIn(run)).toMatchObject([{ exit: 1500, reference: 30 }]);
    expect(assumedIn(assuming(run, "exit", 1e6))).toEqual([]);
    expect(assumedIn(assuming(run, "reference", NaN))).toEqual([]);
  });

  test("its caption names where another mode becomes the cheaper one", () => {
    // 1,920 and 700 exits, 5,100 and 14,100 references: shadow and nested meet where a reference costs (1,220 · 2,500) / 9,000 cycles.
    expect(breakEven.caption(exampleRun())).toContain(
      "For alloc-4k on skylake, pages 4k/4k, nested is the cheapest at the assumed costs; shadow-lazy is cheaper where a memory reference of a walk costs more than",
    );
    const evens = pickTable(exampleRun().tables, breakEvenTable);
    const turn = (evens === undefined ? [] : rowsOf(evens)).find(({ below, above }) => below === "nested" && above === "shadow");
    expect(turn?.value).toBeCloseTo((1220 * 2500) / 9000, 6);
  });

  test("numbers are the whole map, drawn as few rectangles", () => {
    const run = exampleRun();
    const areas: readonly object[] = Object(breakEven.panels(run)[0]?.spec).layer[0].data.values;
    expect(rowsOf(breakEven.numbers(run))).toHaveLength(9 * 7);
    expect(areas.length).toBeLessThan(20);
  });
});

/** The run with another assumed cost. */
function assuming(run: Run, cost: string, assumed: number): Run {
  const table = pickTable(run.tables, breakEvenTable);
  const rows = (table === undefined ? [] : rowsOf(table)).map((row) => (row.cost === cost ? { ...row, assumed } : row));
  return { ...run, tables: [...run.tables.filter(({ spec }) => spec.name !== "break-even"), tableOf(breakEvenTable, rows)] };
}
