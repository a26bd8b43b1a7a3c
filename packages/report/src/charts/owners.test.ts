import { ledgerTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { explainedInstants } from "../explained.ts";
import { exampleRun } from "../testing.ts";
import { owners } from "./owners.ts";

describe("owners", () => {
  chartLaws(owners);

  test("shares out the whole gap", () => {
    const run = exampleRun();
    const total = rowsOf(owners.numbers(run)).reduce((sum, { pages }) => sum + pages, 0);
    expect(total).toBe(explainedInstants(run)[0]?.gapPages);
  });

  test("calls an owner in the numbers what it is called in the drawing", () => {
    const run = exampleRun();
    const drawn = JSON.stringify(owners.spec(run));
    const named = new Set(rowsOf(owners.numbers(run)).map(({ owner }) => owner));
    expect([...named].sort()).toEqual(["kernel (rest)", "pid 1", "pid 61"]);
    for (const name of named) expect(drawn).toContain(`"owner":"${name}"`);
  });

  test("names the twelve largest and sums the others", () => {
    const run = exampleRun();
    const rows = Array.from({ length: 30 }, (_, i) => ({
      asked: "7s",
      time: 7e9,
      vm: "alloc-4k",
      owner: `pid ${i}`,
      class: "idle5",
      kind: "anonymous",
      pages: 100 + i,
      returns: NaN,
      notSeenAgain: NaN,
    }));
    const tables = [...run.tables.filter(({ spec }) => spec.name !== "ledger"), tableOf(ledgerTable, rows)];
    const shown = rowsOf(owners.numbers({ ...run, tables }));
    expect(shown).toHaveLength(13);
    expect(shown[0]).toMatchObject({ owner: "pid 29", pages: 129 });
    expect(shown.at(-1)).toMatchObject({ owner: "others (18)", pages: 100 * 18 + (17 * 18) / 2 });
  });
});
