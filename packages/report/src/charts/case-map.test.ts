import { caseParametersTable, pickTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { caseMap } from "./case-map.ts";

describe("case-map", () => {
  chartLaws(caseMap, { isCompared: true });

  test("says where VMs wait least and most", () => {
    expect(caseMap.panels(exampleRun({ isCompared: true }))[0]?.says).toBe(
      "VMs wait least, 5 ms at host.memory 256MiB and swap.policy lru; most, 389 ms at host.memory 128MiB and swap.policy lru.",
    );
  });

  test("is of two parameters, not of one or three", () => {
    const run = exampleRun({ isCompared: true });
    const given = rowsOf(pickTable(run.tables, caseParametersTable) ?? tableOf(caseParametersTable, []));
    const withParameters = (rows: typeof given) => ({
      ...run,
      tables: run.tables.map((table) => (table.spec.name === "case-parameters" ? tableOf(caseParametersTable, rows) : table)),
    });
    expect(caseMap.panels(withParameters(given))).toHaveLength(1);
    expect(caseMap.panels(withParameters(given.filter(({ parameter }) => parameter === "host.memory")))).toEqual([]);
    const third = given.map((row, i) => ({ ...row, parameter: "seed", value: String(i) }));
    expect(caseMap.panels(withParameters([...given, ...third]))).toEqual([]);
  });
});
