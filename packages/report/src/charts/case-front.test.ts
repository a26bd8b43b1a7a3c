import { casesTable, pickTable, rowsOf, tableOf, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { caseFront } from "./case-front.ts";

/** The example with its cases changed. */
function withCases(of: (row: ReturnType<typeof casesOf>[number], i: number) => object): Run {
  const run = exampleRun({ isCompared: true });
  const cases = tableOf(
    casesTable,
    casesOf(run).map((row, i) => ({ ...row, ...of(row, i) })),
  );
  return { ...run, tables: run.tables.map((table) => (table.spec.name === "cases" ? cases : table)) };
}
const casesOf = (run: Run) => rowsOf(pickTable(run.tables, casesTable) ?? tableOf(casesTable, []));

describe("case-front", () => {
  chartLaws(caseFront, { isCompared: true });

  test("says which cases are not beaten, by the values in which they differ", () => {
    expect(caseFront.panels(exampleRun({ isCompared: true }))[0]?.says).toMatch(
      /^Of 6 cases 4 are not beaten by another: 256MiB · lru \(saves [\d.]+ KiB, waits 5 ms\), .* and 128MiB · lru \(saves /,
    );
  });

  test("leaves out cases that failed, and has nothing to draw of one", () => {
    const failed = withCases((_, i) => ({ failed: i === 0 ? "" : "no memory" }));
    expect(caseFront.panels(failed)).toEqual([]);
    expect(caseFront.numbers(failed).length).toBe(1);
  });

  test("calls cases by their names where these say more than values", () => {
    const named = withCases((_, i) => ({ case: `case ${i}` }));
    expect(caseFront.panels(named)[0]?.says).toContain("case 1 (saves ");
  });
});
