import { expect, test } from "vitest";
import { charts, chartsOf } from "./charts.ts";
import { exampleRun } from "./testing.ts";

test("every chart has a name of its own, fit for a file name", () => {
  expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length);
  for (const { name } of charts) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test("a run shows the charts it has tables for", () => {
  const run = exampleRun({ samples: 10 });
  expect(chartsOf(run)).toEqual(charts);
  const tables = run.tables.filter(({ spec }) => spec.name !== "heat" && spec.name !== "estimates");
  expect(chartsOf({ ...run, tables }).map(({ name }) => name)).toEqual(["waterfall", "gap-over-time", "owners", "counters", "cold-memory"]);
});

test("a run of a single sample has no charts over time: there is nothing to join", () => {
  const run = exampleRun({ samples: 10, instants: ["0s"], heatBins: [1, 4] });
  const first = run.tables.map((table) =>
    table.spec.name === "timeline" || table.spec.name === "estimates" ? { ...table, length: 1 } : table,
  );
  expect(chartsOf({ ...run, tables: first }).map(({ name }) => name)).toEqual(["waterfall", "owners", "heat"]);
});

test("a run in which no instant was explained shows the charts over time only", () => {
  expect(chartsOf(exampleRun({ samples: 10, instants: [] })).map(({ name }) => name)).toEqual([
    "gap-over-time",
    "counters",
    "estimators",
    "heat",
  ]);
});
