import { exitsTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { exits } from "./exits.ts";

describe("exits", () => {
  chartLaws(exits);

  test("has a row per mode and reason that occurs, the mode's sum above them", () => {
    const words = JSON.stringify(exits.panels(exampleRun())[0]?.spec);
    expect(words).toContain('"0=shadow 1,920"');
    expect(words).toContain('"1:hidden faults 900"');
    expect(words).not.toContain("native");
  });

  test("says the sum of each mode and its commonest reason", () => {
    expect(exits.panels(exampleRun())[0]?.says).toContain("nested 700 (most often EPT violations, 700)");
  });

  test("has all exits in its numbers", () => {
    const total = rowsOf(exits.numbers(exampleRun())).reduce((sum, each) => sum + (String(each.mode) === "agile" ? each.exits : 0), 0);
    expect(total).toBe(860);
  });

  test("tells the ends of an interval apart, however short it is", () => {
    const of = { vm: "alloc-4k", pages: "4k/4k", core: "skylake", mode: "nested", reason: "ept violation", exits: 1 };
    const tipOf = (ns: number): string => {
      const rows = [{ ...of, from: 2.061e9, time: 2.061e9 + ns }];
      return JSON.stringify(exits.panels({ ...exampleRun(), tables: [tableOf(exitsTable, rows)] })[0]?.spec);
    };
    expect(tipOf(3e6)).toContain("format(datum.t, '.3~f') + ' s' + ' to ' + format(datum.tEnd, '.3~f') + ' s'");
    expect(tipOf(3e5)).toContain("format(datum.t, '.4~f')");
  });

  test("fits a screen with six modes of six reasons", () => {
    const of = { vm: "alloc-4k", pages: "4k/4k", core: "skylake", from: 0, time: 1e9, exits: 1 };
    const rows = Array.from({ length: 36 }, (_, i) => ({ ...of, mode: `mode-${Math.floor(i / 6)}`, reason: `reason-${i % 6}` }));
    const spec: { readonly height: number } = Object(exits.panels({ ...exampleRun(), tables: [tableOf(exitsTable, rows)] })[0]?.spec);
    expect(spec.height).toBeLessThanOrEqual(560);
  });
});
