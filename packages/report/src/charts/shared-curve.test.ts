import { curveTable, pickTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { sharedCurve } from "./shared-curve.ts";

describe("shared-curve", () => {
  chartLaws(sharedCurve, { curves: "exact" });

  test("is of all VMs together, in sentence and numbers, and absent where they were not taken together", () => {
    const run = exampleRun({ vms: ["a", "b"], curves: "exact" });
    expect(sharedCurve.panels(run)[0]?.says).toContain("all VMs on one host under lru: the knee is at");
    expect(new Set(rowsOf(sharedCurve.numbers(run)).map(({ vm }) => vm))).toEqual(new Set([""]));
    const points = pickTable(run.tables, curveTable);
    const ofVms = tableOf(curveTable, points === undefined ? [] : rowsOf(points).filter(({ vm }) => vm !== ""));
    const alone = run.tables.map((table) => (table.spec === curveTable ? ofVms : table));
    expect(sharedCurve.panels({ ...run, tables: alone })).toEqual([]);
  });
});
