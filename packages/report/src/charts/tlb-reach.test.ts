import { pickTable, rowsOf, tableOf, translationTable, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { tlbReach } from "./tlb-reach.ts";

describe("tlb-reach", () => {
  chartLaws(tlbReach);

  const ways = [
    ["4k/4k", "skylake"],
    ["2m/2m", "skylake"],
  ] as const;

  test("one panel for all page sizes and cores, natively and nested", () => {
    const run = exampleRun({ translated: ways });
    expect(tlbReach.panels(run)).toHaveLength(1);
    expect(rowsOf(tlbReach.numbers(run)).map((row) => [row.pages, row.mode, row.what, row.perThousand])).toEqual([
      ["4k/4k", "native", "second-level hits", 9],
      ["4k/4k", "native", "misses 4k", 3],
      ["4k/4k", "nested", "second-level hits", 9],
      ["4k/4k", "nested", "misses 4k", 3],
      ["2m/2m", "native", "second-level hits", 9],
      ["2m/2m", "native", "misses 2m", 0.3],
      ["2m/2m", "nested", "second-level hits", 9],
      ["2m/2m", "nested", "misses 2m", 0.3],
    ]);
  });

  test("without nested another mode stands for a VM's", () => {
    const run = withRows(exampleRun(), ({ mode }) => mode === "agile" || mode === "shadow");
    expect(new Set(rowsOf(tlbReach.numbers(run)).map(({ mode }) => mode))).toEqual(new Set(["shadow"]));
  });

  test("tells misses by the size of the entry where there are several", () => {
    const run = exampleRun();
    expect(JSON.stringify(tlbReach.spec(run))).toContain('"3 walk"');
    const rows = rowsOf(counters(run));
    const large = rows.filter(({ counter }) => counter === "misses 4k").map((row) => ({ ...row, counter: "misses 2m", value: 500 }));
    const both = { ...run, tables: [tableOf(translationTable, [...rows, ...large])] };
    expect(JSON.stringify(tlbReach.spec(both))).toContain('"3.50 walk (4k 3, 2m 0.50)"');
  });

  test("draws no more rows than a screen has room for", () => {
    const many = Array.from({ length: 12 }, (_, i) => ["4k/4k", `core-${i}`] as const);
    const spec: { readonly height: number } = Object(tlbReach.panels(exampleRun({ translated: many }))[0]?.spec);
    expect(spec.height).toBeLessThan(500);
  });
});

function counters(run: Run) {
  const table = pickTable(run.tables, translationTable);
  return table ?? tableOf(translationTable, []);
}

/** The run with some rows of its counters only. */
function withRows(run: Run, keep: (row: { readonly mode: string }) => boolean): Run {
  return { ...run, tables: [tableOf(translationTable, rowsOf(counters(run)).filter(keep))] };
}
