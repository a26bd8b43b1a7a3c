import { instantsTable, ledgerTable, pickTable, rowsOf, tableOf, type Columns, type Row, type Run, type TableSpec } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { explainedInstants } from "../explained.ts";
import { exampleRun } from "../testing.ts";
import { waterfall } from "./waterfall.ts";

describe("waterfall", () => {
  chartLaws(waterfall);

  test("falls from consumed to active without a remainder", () => {
    const run = exampleRun();
    const steps = rowsOf(waterfall.numbers(run));
    expect(steps.map(({ step, pages, to }) => [step, pages, to])).toEqual([
      ["consumed", 56_275, 56_275],
      ["freed", 33_063, 23_212],
      ["idle30", 6_466, 16_746],
      ["idle5", 15_087, 1_659],
      ["idle1", 1_134, 525],
      ["active", 525, 525],
    ]);
  });

  test("links rows without running through their words", () => {
    const [, , links, words] = Object(waterfall.panels(exampleRun())[0]?.spec).layer;
    expect(links.encoding.y2.field).toBe("link");
    links.data.values.forEach(({ link }: { link: number }, i: number) => {
      // A row is 44 px high, half a line of words 8 px.
      expect(words.data.values[i + 1].text - link).toBeGreaterThan(8 / 44 - 0.01);
    });
  });

  test("leaves out the pages where words and number would run into each other", () => {
    const [, , , words, sizes] = Object(waterfall.panels(exampleRun())[0]?.spec).layer;
    expect([words.mark.align, sizes.mark.align]).toEqual(["left", "right"]);
    expect(sizes.mark.text).toEqual({ expr: "width < 370 ? datum.memory : datum.size" });
    expect(sizes.data.values[0]).toMatchObject({ memory: "219.8 MiB", size: "219.8 MiB · 56,275 pages" });
  });

  test("lets a sharing credit step up before the classes step down", () => {
    const run = exampleRun();
    const shared = withCredit(run, 1_000);
    const [consumed, sharing, next] = rowsOf(waterfall.numbers(shared));
    expect([consumed?.to, sharing?.step, sharing?.to, next?.from]).toEqual([55_275, "sharing", 56_275, 56_275]);
    expect(explainedInstants(shared)[0]?.gapPages).toBe(55_275 - 525);
  });
});

/** The run with a credit for page sharing in its ledger, and consumed less by as much. */
function withCredit(run: Run, pages: number): Run {
  const rows = <C extends Columns>(spec: TableSpec<C>): Row<C>[] => {
    const table = pickTable(run.tables, spec);
    return table === undefined ? [] : rowsOf(table);
  };
  const credit = {
    asked: "7s",
    time: 7e9,
    vm: "alloc-4k",
    owner: "",
    class: "sharing",
    kind: "unknown",
    pages: -pages,
    returns: NaN,
    notSeenAgain: NaN,
  };
  const instants = rows(instantsTable).map((row) => ({ ...row, consumed: row.granted - pages }));
  return { ...run, tables: [tableOf(instantsTable, instants), tableOf(ledgerTable, [...rows(ledgerTable), credit])] };
}
