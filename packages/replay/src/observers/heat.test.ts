import { heatTable, pickTable, rowsOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf, type Touch } from "../testing.ts";
import { heat } from "./heat.ts";

observerLaws(heat, heatTable);

const COLUMNS = ["time", "timeEnd", "ppn", "ppnEnd", "accesses"] as const;

test("counts accesses by range and sample period; a period's end belongs to it, the origin to the first", async () => {
  const touches = touchesOf("1 0 W · 1 300 W · 2 1 R · 3 0 W · 3.5 3 R · 6 255 W · 6 999 W").map((t) => ({ ...t, count: 10 }));
  const run = await replayOf({ touches, configuredPages: 256 }, { window: "2s", sample: "2s" });
  expect(textOf(run, heatTable, COLUMNS)).toBe(
    lines(`
      1 3 0   2   30
      3 5 2   4   10
      5 6 254 256 10
    `),
  );
});

test("small VMs get a bin per page, the last range ends at the configured size", async () => {
  const touches = touchesOf("0 0 W · 1 99 W");
  const small = await replayOf({ touches, configuredPages: 100 }, { window: "1s", sample: "1s" });
  expect(textOf(small, heatTable, COLUMNS)).toBe("0 1 0 1 1\n0 1 99 100 1");
  const odd = await replayOf({ touches: touchesOf("0 0 W · 1 128 W"), configuredPages: 129 }, { window: "1s", sample: "1s" });
  expect(textOf(odd, heatTable, COLUMNS)).toBe("0 1 0 2 1\n0 1 128 129 1");
});

test("the map is bounded whatever the trace's length and the VM's size, and loses no access", async () => {
  const touches = Array.from({ length: 3000 }, (_, i): Touch => ({ s: i, ppn: (i * 7919) % 5000, op: "R", vm: i % 2 }));
  const run = await replayOf({ vms: ["a", "b"], touches, configuredPages: 5000 }, { window: "2s", sample: "2s" }, [], false);
  const table = pickTable(run.tables, heatTable);
  const rows = table === undefined ? [] : rowsOf(table);
  expect(rows.reduce((sum, { accesses }) => sum + accesses, 0)).toBe(3000);
  expect(new Set(rows.map(({ time }) => time)).size).toBeLessThanOrEqual(240);
  expect(new Set(rows.map(({ time }) => time)).size).toBeGreaterThan(120);
  expect(new Set(rows.map(({ ppn }) => ppn)).size).toBeLessThanOrEqual(128);
  expect(new Set(rows.map(({ ppn }) => ppn)).size).toBeGreaterThan(64);
  for (const { time, timeEnd, ppn, ppnEnd } of rows) {
    expect(timeEnd - time).toBeLessThanOrEqual(14e9); // 1,500 samples in bins of 7
    expect(ppnEnd - ppn).toBeLessThanOrEqual(64);
  }
});
