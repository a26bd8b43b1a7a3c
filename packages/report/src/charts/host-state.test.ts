import { actionsTable, hostTable, pickTable, rowsOf, tableOf, type Row } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { hostState } from "./host-state.ts";

describe("host state", () => {
  chartLaws(hostState, { isScarce: true });
  const run = exampleRun({ isScarce: true });

  test("draws the thresholds of this host and a bar for each visit of a state", () => {
    const [thresholds, visits] = [valuesOf("thresholds"), valuesOf("visits")];
    expect(thresholds.map(({ label }) => label)).toEqual([
      "clear below 23.4 MiB",
      "soft below 15 MiB",
      "hard below 7.5 MiB",
      "low below 3.8 MiB",
    ]);
    expect(visits.map(({ t, tEnd }) => [t, tEnd])).toContainEqual([2.2, 2.54]);
    expect(visits).toHaveLength(11);
  });

  test("has the free memory of every change of state, which samples miss", () => {
    const few = exampleRun({ isScarce: true, samples: 4 });
    const least = Math.min(...rowsOf(hostState.numbers(few)).map(({ free }) => free));
    expect(least).toBeLessThan(960);
    expect(hostState.numbers(few).length).toBe(4 + 10);
  });

  test("says when the host was in which state, and for how long", () => {
    expect(hostState.panels(run)[0]?.says).toContain("low for 340 ms (first at 2.2 s)");
    const calm = { ...run, tables: run.tables.map((table) => (table.spec.name === "actions" ? tableOf(actionsTable, []) : table)) };
    expect(hostState.panels(calm)[0]?.says).toContain("its state was high throughout");
  });

  test("goes down to nothing, and up to what is free where that never is little", () => {
    const topOf = (change: (row: HostRow) => HostRow): number => {
      const host = pickTable(run.tables, hostTable);
      const rows = (host === undefined ? [] : rowsOf(host)).map(change);
      const calm = [...run.tables.filter(({ spec }) => spec.name !== "host" && spec.name !== "actions"), tableOf(hostTable, rows)];
      const spec = Object(hostState.panels({ ...run, tables: [...calm, tableOf(actionsTable, [])] })[0]?.spec);
      return spec.layer[0].encoding.y.scale.domain[1];
    };
    expect(topOf((row) => row)).toBeCloseTo((2.5 * 6_000) / 256, 2);
    expect(topOf((row) => ({ ...row, free: 51_200 }))).toBe(200);
    expect(topOf((row) => ({ ...row, free: 0, minFree: 0 }))).toBeGreaterThan(0);
  });

  test("stays small however often the state changes", () => {
    const reasons = ["high to clear: 1 pages free, below 2", "clear to high: 2 pages free, at or above 2"];
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      time: Math.round((i * 7e9) / 20_000),
      vm: "",
      action: "state",
      pages: i,
      reason: reasons[i % 2] ?? "",
    }));
    const often = { ...run, tables: [...run.tables.filter(({ spec }) => spec.name !== "actions"), tableOf(actionsTable, rows)] };
    expect(JSON.stringify(hostState.panels(often)).length).toBeLessThan(150_000);
  });
});

type HostRow = Row<typeof hostTable.columns>;

interface Drawn {
  readonly label?: string;
  readonly t?: number;
  readonly tEnd?: number;
}

/** The rows of a named layer, as drawn. */
function valuesOf(name: string): readonly Drawn[] {
  const layers: readonly { readonly data: { readonly name: string; readonly values: readonly Drawn[] } }[] = Object(
    hostState.panels(exampleRun({ isScarce: true }))[0]?.spec,
  ).layer;
  return layers.find(({ data }) => data.name === `${name}-1`)?.data.values ?? [];
}
