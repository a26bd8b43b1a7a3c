import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { caseDifferences } from "./case-differences.ts";

describe("case-differences", () => {
  chartLaws(caseDifferences, { isCompared: true });

  test("has every VM in every case but the baseline", () => {
    const rows = rowsOf(caseDifferences.numbers(exampleRun({ vms: ["a", "b", "c"], isCompared: true })));
    expect(rows).toHaveLength(5 * 3);
    expect(rows.map((row) => row.case)).not.toContain("host.memory=256MiB swap.policy=random");
    expect(caseDifferences.panels(exampleRun({ vms: ["a", "b"], isCompared: true }))[0]?.says).toContain(
      "128MiB · random: b waits 9.1 % of run time more, saves 53.9 MiB",
    );
  });

  test("says who waits less, and who takes more", () => {
    expect(caseDifferences.panels(exampleRun({ isCompared: true }))[0]?.says).toMatch(
      /^256MiB · lru: alloc-4k waits < 0\.1 % of run time less, saves/,
    );
  });

  test("has a row for every bar, also where long names are cut to the same", () => {
    const vms = ["production-database-east", "production-database-west"];
    const [panel] = caseDifferences.panels(exampleRun({ vms, samples: 2, instants: [], isCompared: true }));
    const rows: readonly string[] = Object(panel?.spec).layer[0].data.values.map(({ row }: { row: string }) => row);
    expect(rows[0]).toBe("0:256MiB · lru · production-da…");
    expect(rows[1]).toBe("1:256MiB · lru · production-da…");
    expect(new Set(rows).size).toBe(5 * 2);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(42);
  });

  test("draws a bounded number of bars, those that differ most, and has the numbers of all", () => {
    const vms = Array.from({ length: 30 }, (_, i) => `vm-${i}`);
    const run = exampleRun({ vms, samples: 2, instants: [], isCompared: true });
    expect(caseDifferences.numbers(run).length).toBe(150);
    expect(caseDifferences.panels(run)[0]?.says.split(";")).toHaveLength(40);
  });
});
