import { bestModeTable, breakEvenTable, pickTable, rowsOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { readCosts } from "../costs.ts";
import { translationTables } from "./translation-tables.ts";

/** A mode whose walks make `references`, of them `host` to the host's tables, and which exits `exits` times. */
const counted = (mode: string, references: number, host: number, exits: number, isBuilt = true, accesses = 1000) => ({
  core: "skylake",
  mode,
  isBuilt,
  counted: [
    { group: "tlb" as const, counter: "accesses", value: accesses },
    { group: "references" as const, counter: "all", value: references },
    { group: "references" as const, counter: "host tables", value: host },
    { group: "exits" as const, counter: "cr3 load", value: exits },
  ],
  exits: [],
});
const vms = [{ vm: "a", pages: "4k/4k", guest: [], modes: [counted("shadow", 100, 0, 10), counted("nested", 600, 500, 0)] }];
const rowsWith = (given: { readonly [name: string]: number }) => {
  const tables = translationTables(vms, readCosts(given));
  const [evens, best] = [pickTable(tables, breakEvenTable), pickTable(tables, bestModeTable)];
  return { evens: evens === undefined ? [] : rowsOf(evens), best: best === undefined ? [] : rowsOf(best) };
};

test("says which mode is cheaper on which side of a break-even, and where the assumed cost lies", () => {
  const { evens } = rowsWith({ exit: 2000, cr3Load: 0, reference: 30, hostReference: 30 });
  expect(evens).toEqual([
    { vm: "a", pages: "4k/4k", core: "skylake", cost: "exit", below: "shadow", above: "nested", value: 1500, assumed: 2000 },
    { vm: "a", pages: "4k/4k", core: "skylake", cost: "reference", below: "nested", above: "shadow", value: 40, assumed: 30 },
  ]);
});

test("a reference has no one assumed cost where the host's differ from the guest's", () => {
  const { evens } = rowsWith({ reference: 30, hostReference: 60 });
  expect(evens.map(({ cost, assumed }) => [cost, assumed])).toEqual([
    ["exit", readCosts({}).exit],
    ["reference", NaN],
  ]);
});

test("the map changes its mode where the break-even says so", () => {
  const { best } = rowsWith({ cr3Load: 0 });
  for (const { exit, reference, mode } of best)
    expect(mode, `${exit} ${reference}`).toBe(10 * exit <= 500 * reference ? "shadow" : "nested");
});

test("the map leaves out proposals where two modes can be had, and only there", () => {
  const flat = counted("nested-flat", 200, 100, 0, false);
  const bestOf = (modes: readonly ReturnType<typeof counted>[]): Set<string> => {
    const best = pickTable(translationTables([{ vm: "a", pages: "4k/4k", guest: [], modes }], readCosts({})), bestModeTable);
    return new Set(best === undefined ? [] : rowsOf(best).map(({ mode }) => mode));
  };
  const [shadow, nested] = [counted("shadow", 100, 0, 10), counted("nested", 600, 500, 0)];
  expect(bestOf([shadow, nested, flat])).toEqual(new Set(["shadow", "nested"]));
  expect(bestOf([nested, flat])).toEqual(new Set(["nested-flat"]));
});

test("without accesses no mode is the cheapest", () => {
  const modes = ["shadow", "nested"].map((mode) => counted(mode, 0, 0, 0, true, 0));
  const tables = translationTables([{ vm: "a", pages: "4k/4k", guest: [], modes }], readCosts({}));
  expect([pickTable(tables, bestModeTable)?.length, pickTable(tables, breakEvenTable)?.length]).toEqual([0, 0]);
});
