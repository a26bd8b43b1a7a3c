import { rowsOf, stallsTable, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { stalls } from "./stalls.ts";

describe("stalls", () => {
  chartLaws(stalls, { isScarce: true });
  const run = exampleRun({ isScarce: true, vms: ["a", "b"] });

  test("sums what each VM waited, and its share of the run", () => {
    expect(stalls.panels(run)[0]?.says).toBe(
      "a waited 476 ms (6.8 % of run time, 38 % of it for swap-in); b waited 380 ms (5.4 % of run time, 38 % of it for swap-in).",
    );
  });

  test("takes the last of cumulative rows, cause by cause", () => {
    const rows = rowsOf(stalls.numbers(run)).filter(({ vm }) => String(vm) === "a");
    expect(rows.map(({ cause, events }) => [cause, events])).toEqual([
      ["swap-in", 1_200],
      ["first touch", 56_275],
      ["guest swap-in", 500],
      ["decompression", 3_600],
      ["blocked", 360],
      ["zeroing", 56_275],
    ]);
  });

  test("shows a cause that it does not know by its name, and none that took no time", () => {
    const of = { time: 1e9, vm: "a", events: 1 };
    const rows = [
      { ...of, cause: "tea", stall: 5 },
      { ...of, cause: "guest swap-out", stall: 0 },
    ];
    const words = JSON.stringify(stalls.panels({ ...run, tables: [tableOf(stallsTable, rows)] })[0]?.spec);
    expect(words).toContain('"tea"');
    expect(words).not.toContain("the guest's own paging");
    expect(stalls.panels({ ...run, tables: [tableOf(stallsTable, rows.slice(1))] })).toEqual([]);
  });
});
