import { pickTable, rowsOf, tableOf, timelineTable, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { counters } from "./counters.ts";

describe("counters", () => {
  chartLaws(counters);

  const words = (meminfo: boolean): string => JSON.stringify(counters.spec(exampleRun({ samples: 10, meminfo })));

  test("shows what the guest says where it says something", () => {
    expect(words(true)).toContain("used, as the guest says");
    expect(words(true)).not.toContain("since tracing began");
  });

  test("leaves configured memory out where the other lines would lie at the bottom, and says so", () => {
    const run = exampleRun({ samples: 10 });
    const larger = (times: number): Run => {
      const rows = rowsOf(pickTable(run.tables, timelineTable) ?? tableOf(timelineTable, []));
      const most = Math.max(...rows.map(({ granted, guestUsed }) => Math.max(granted, guestUsed)));
      const timeline = tableOf(
        timelineTable,
        rows.map((row) => ({ ...row, configured: times * most })),
      );
      return { ...run, tables: run.tables.map((table) => (table.spec.name === "timeline" ? timeline : table)) };
    };
    const isDrawn = (of: Run): boolean => JSON.stringify(counters.spec(of)).includes('"line":"configured"');
    expect([larger(8), larger(9)].map(isDrawn)).toEqual([true, false]);
    expect([larger(8), larger(9)].map((of) => counters.caption(of).includes("Configured memory is left out"))).toEqual([false, true]);
    expect(counters.panels(larger(9))[0]?.says).toContain("configured");
  });

  test("else shows allocations, labelled as counted since tracing began", () => {
    expect(words(false)).toContain("allocated in the guest since tracing began");
    expect(words(false)).not.toContain("used, as the guest says");
    expect(counters.caption(exampleRun({ meminfo: false }))).toContain("since tracing began");
  });
});
