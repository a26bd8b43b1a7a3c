import { gapTable, pickTable, rowsOf, tableOf, timelineTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { SAMPLES_MAX } from "../bounds.ts";
import { exampleRun } from "../testing.ts";
import { gapOverTime } from "./gap-over-time.ts";

describe("gap over time", () => {
  chartLaws(gapOverTime);

  test("stacks every sample up to granted memory, one row per class", () => {
    const run = exampleRun({ samples: 30 });
    const granted = pickTable(run.tables, timelineTable)?.columns.granted ?? [];
    const sums = new Map<number, number>();
    for (const { time, pages } of rowsOf(gapOverTime.numbers(run))) sums.set(time, (sums.get(time) ?? 0) + pages);
    expect([...sums.values()]).toEqual([...granted]);
  });

  test("says what classes are parts of: of consumed, with page sharing of granted", () => {
    const [plain, shared] = [exampleRun({ samples: 71 }), exampleRun({ samples: 71 })];
    expect(gapOverTime.panels(plain)[0]?.says).toMatch(/ it is 219\.8 MiB, of which 2\.1 MiB is active and 129\.2 MiB freed/);
    const timeline = pickTable(shared.tables, timelineTable);
    const less = tableOf(
      timelineTable,
      rowsOf(timeline ?? tableOf(timelineTable, [])).map((row) => ({ ...row, consumed: row.granted / 2 })),
    );
    const run = { ...shared, tables: shared.tables.map((table) => (table === timeline ? less : table)) };
    expect(gapOverTime.panels(run)[0]?.says).toMatch(/ it is 109\.9 MiB; of 219\.8 MiB granted 2\.1 MiB is active and 129\.2 MiB freed/);
  });

  test("draws nothing of a VM that has nothing at any sample", () => {
    const run = exampleRun({ samples: 30 });
    const nothing = rowsOf(pickTable(run.tables, timelineTable) ?? tableOf(timelineTable, [])).map((row) => ({
      ...row,
      granted: 0,
      consumed: 0,
      active: 0,
      freed: 0,
    }));
    const others = run.tables.filter(({ spec }) => spec.name !== "gap" && spec.name !== "timeline");
    const tables = [...others, tableOf(gapTable, []), tableOf(timelineTable, nothing)];
    expect(gapOverTime.panels({ ...run, tables })).toEqual([]);
  });

  test("draws a bounded number of samples, the explained instant's among them", () => {
    const run = exampleRun({ samples: 7_001, instants: ["3.333s"] });
    const times = new Set(rowsOf(gapOverTime.numbers(run)).map(({ time }) => time));
    expect(times.size).toBeLessThanOrEqual(SAMPLES_MAX);
    expect(times).toContain(3.333e9);
    expect(times).toContain(0);
    expect(times).toContain(7e9);
  });
});
