import { actionsTable, tableOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { panelsOf } from "../panel.ts";
import { exampleRun } from "../testing.ts";
import { firstTakes, largestTake, takes, type Take } from "./takes.ts";

const REST = "(rho 0.0443098); holds 36562, target 32322, balloon to 4240, page out 0";

function takesOf(rows: readonly (readonly [time: number, vm: string, pages: number, reason: string])[]): readonly Take[] {
  const table = tableOf(
    actionsTable,
    rows.map(([time, vm, pages, reason]) => ({ time, vm, action: "target", pages, reason })),
  );
  return panelsOf({ ...exampleRun(), tables: [table] }, "run").flatMap(takes);
}

test("a decision has its place and its reason", () => {
  expect(takesOf([[5, "db", 4240, `need: number 2 of 4 to give, taxed for idle pages ${REST}`]])).toEqual([
    { timeNs: 5, vm: "db", pages: 4240, place: 2, isForLimit: false, standing: "taxed for idle pages" },
  ]);
  expect(takesOf([[5, "db", 1, `limit: number 1 of 1 to give, above its limit ${REST}`]])[0]).toMatchObject({ isForLimit: true });
});

test("a reason of another form is kept as it is", () => {
  expect(takesOf([[5, "db", 1, "because; holds 3"]])[0]).toMatchObject({ standing: "because", place: NaN, isForLimit: false });
});

test("who is first in time, and of one instant in turn, comes first; each VM once", () => {
  const of = (place: number) => `need: number ${place} of 3 to give, by its shares per page ${REST}`;
  const all = takesOf([
    [2, "late", 9, of(1)],
    [1, "second", 3, of(2)],
    [1, "first", 3, of(1)],
    [3, "first", 8, of(1)],
  ]);
  expect(firstTakes(all).map(({ vm, timeNs }) => `${vm} ${timeNs}`)).toEqual(["first 1", "second 1", "late 2"]);
  expect(largestTake(all)?.vm).toBe("late");
  expect(largestTake([])).toBeUndefined();
});

test("what asks for nothing, and other actions, are no takes", () => {
  expect(takesOf([[1, "a", 0, "none"]])).toEqual([]);
  expect(
    panelsOf(exampleRun({ isScarce: true, vms: ["a", "b"] }), "vm").map((panel) => takes(panel).every(({ vm }) => vm === panel.vm)),
  ).toEqual([true, true]);
});
