import { heatTable, translationCostTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { panelsOf } from "./panel.ts";
import { exampleRun, translationRun } from "./testing.ts";
import { isOfTranslation, isOnlyOfTranslation, translatedAs, translatedLabel, TRANSLATIONS_MAX } from "./translated-as.ts";

const ways = Array.from({ length: 6 }, (_, i) => ["4k/4k", `core-${i}`] as const);

test("the ways of a VM stand in the run's order, whichever table tells them", () => {
  const run = translationRun({ vms: ["a", "b"], translated: ways });
  const expected = ways.map(([pages, core]) => ({ pages, core }));
  expect(translatedAs(run, "b")).toEqual(expected);
  for (const table of run.tables) expect(translatedAs({ ...run, tables: [table] }, "a"), table.spec.name).toEqual(expected);
  expect(translatedAs(run, "c")).toEqual([]);
});

test("there are panels of the first ones only", () => {
  const panels = panelsOf(exampleRun({ translated: ways }), "translation");
  expect(panels.map(({ translated }) => translated?.core)).toEqual(ways.slice(0, TRANSLATIONS_MAX).map(([, core]) => core));
});

test("a panel has the rows of its own page sizes and core, and of tables without them all of its VM", () => {
  const run = exampleRun({ vms: ["a", "b"], translated: [...ways, ["2m/2m", "core-0"]] });
  for (const { vm, translated, rows } of panelsOf(run, "translation")) {
    const found = new Set(rows(translationCostTable).map((row) => `${row.vm} ${row.pages} ${row.core}`));
    expect([...found]).toEqual([`${vm} ${translated?.pages} ${translated?.core}`]);
    expect(new Set(rows(heatTable).map((row) => row.vm))).toEqual(new Set([vm]));
  }
});

test("a run is of translation, of the ledger, or of both", () => {
  const runs = [exampleRun({ translated: [] }), exampleRun(), translationRun()];
  expect(runs.map((run) => [isOfTranslation(run), isOnlyOfTranslation(run)])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});

test("its label is one line of bounded length", () => {
  expect(translatedLabel("web\n1", { pages: "4k/2m", core: "zen4" })).toBe("web 1 on zen4, pages 4k/2m");
  expect(translatedLabel("web", undefined)).toBe("web");
});
