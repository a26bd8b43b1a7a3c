import { expect, test } from "vitest";
import { assumedCost, choosableModes, turningPoints } from "./turning-points.ts";

const cost = (mode: string, perAccess: number) => ({ mode, perAccess, withAccess: perAccess + 4, causes: [] });
const even = (of: "exit" | "reference", below: string, above: string, value: number, assumed = 30) => ({
  vm: "a",
  pages: "4k/4k",
  core: "skylake",
  cost: of,
  below,
  above,
  value,
  assumed,
});
const costs = [cost("native", 0.1), cost("shadow", 3), cost("nested", 1), cost("agile", 2), cost("nested-flat", 0.9)];

test("the baseline is no choice, and neither are proposals where there is anything else", () => {
  expect(choosableModes(costs).map(({ mode }) => mode)).toEqual(["nested", "shadow"]);
  expect(choosableModes([cost("native", 1), cost("agile", 2)]).map(({ mode }) => mode)).toEqual(["agile"]);
});

test("names the nearest turn on either side, and the cost that turns nothing", () => {
  const rows = [
    even("reference", "nested", "shadow", 300),
    even("reference", "nested-flat", "shadow", 200),
    even("exit", "nested", "nested", NaN),
  ];
  expect(turningPoints(rows, costs)).toBe(
    "nested is the cheapest at the assumed costs; shadow is cheaper where a memory reference of a walk costs more than 300 cycles (assumed: 30); what an exit costs does not change it",
  );
  const both = [even("exit", "shadow", "nested", 700, 1500), even("reference", "nested", "shadow", 300)];
  expect(turningPoints(both, costs)).toContain(
    "shadow is cheaper where an exit costs less than 700 cycles (assumed: 1,500), or where a memory reference of a walk costs more than 300",
  );
});

test("of several turns the nearest counts", () => {
  const three = [...costs, cost("shadow-lazy", 2)];
  const rows = [even("reference", "nested", "shadow", 300), even("reference", "nested", "shadow-lazy", 250)];
  expect(turningPoints(rows, three)).toContain("shadow-lazy is cheaper where a memory reference of a walk costs more than 250 cycles");
  const below = [even("exit", "shadow", "nested", 700), even("exit", "shadow-lazy", "nested", 900)];
  expect(turningPoints(below, three)).toContain("shadow-lazy is cheaper where an exit costs less than 900 cycles");
});

test("without a turn it stays the cheapest; without a choice there is nothing to say", () => {
  expect(turningPoints([], costs)).toBe(
    "nested is the cheapest at the assumed costs, and stays it whatever an exit or a memory reference of a walk costs",
  );
  expect(turningPoints([], [cost("native", 1), cost("nested", 2)])).toBe("");
});

test("a cost nobody assumed is not known", () => {
  expect(assumedCost([], "exit")).toBeNaN();
  expect(assumedCost([even("exit", "shadow", "nested", 700, 1500)], "exit")).toBe(1500);
  expect(turningPoints([even("reference", "nested", "shadow", 300, NaN)], costs)).not.toContain("assumed:");
});
