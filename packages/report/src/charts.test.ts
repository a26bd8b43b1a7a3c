import { expect, test } from "vitest";
import { charts, chartsOf } from "./charts.ts";
import { exampleRun, translationRun } from "./testing.ts";

test("every chart has a name of its own, fit for a file name", () => {
  expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length);
  for (const { name } of charts) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test("a run shows the charts it has tables for", () => {
  expect(chartsOf(exampleRun({ samples: 10, isScarce: true, curves: "exact", needs: true, isCompared: true, isMeasured: true }))).toEqual(
    charts,
  );
  const ofOthers = [
    "measured",
    "case-front",
    "case-differences",
    "case-map",
    "curve",
    "shared-curve",
    "working-set-fan",
    "reclaimable",
    "host-state",
    "host-memory",
    "entitlement",
    "stalls",
    "stall-times",
    "sharing",
    "balloon",
  ];
  expect(chartsOf(exampleRun({ samples: 10 }))).toEqual(charts.filter(({ name }) => !ofOthers.includes(name)));
  const run = exampleRun({ samples: 10, translated: [] });
  const tables = run.tables.filter(({ spec }) => spec.name !== "heat" && spec.name !== "estimates");
  expect(chartsOf({ ...run, tables }).map(({ name }) => name)).toEqual(["waterfall", "gap-over-time", "owners", "counters", "cold-memory"]);
});

test("a run of a single sample has no charts over time: there is nothing to join", () => {
  const run = exampleRun({ samples: 10, instants: ["0s"], heatBins: [1, 4], translated: [] });
  const first = run.tables.map((table) =>
    table.spec.name === "timeline" || table.spec.name === "estimates" ? { ...table, length: 1 } : table,
  );
  expect(chartsOf({ ...run, tables: first }).map(({ name }) => name)).toEqual(["waterfall", "owners", "heat"]);
});

test("a run in which no instant was explained shows the charts over time only", () => {
  expect(chartsOf(exampleRun({ samples: 10, instants: [], translated: [] })).map(({ name }) => name)).toEqual([
    "gap-over-time",
    "counters",
    "estimators",
    "heat",
  ]);
});

test("a run of translation alone shows translation", () => {
  expect(chartsOf(translationRun()).map(({ name }) => name)).toEqual([
    "translation-cost",
    "walk-references",
    "tlb-reach",
    "exits",
    "break-even",
  ]);
});
