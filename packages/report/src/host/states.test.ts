import { actionsTable, tableOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { panelsOf, type Panel } from "../panel.ts";
import { exampleRun } from "../testing.ts";
import { joinedVisits, stateTimes, stateVisits, type Visit } from "./states.ts";

const S = 1e9;

/** The example's host with these changes of state: `1 high to soft, 2.5 soft to low`. */
function hostWith(changes: string): Panel {
  const run = exampleRun({ isScarce: true, samples: 3 });
  const rows = changes
    .split(", ")
    .filter((text) => text !== "")
    .map((text) => {
      const time = Number.parseFloat(text);
      return { time: time * S, vm: "", action: "state", pages: 7, reason: `${text.slice(text.indexOf(" ") + 1)}: 7 pages free` };
    });
  const other = { time: 0, vm: "a", action: "target", pages: 1, reason: "low to high: no state" };
  const tables = [...run.tables.filter(({ spec }) => spec.name !== "actions"), tableOf(actionsTable, [other, ...rows])];
  const [panel] = panelsOf({ ...run, tables }, "run");
  if (panel === undefined) throw new Error("a host has a panel");
  return panel;
}

const shortly = (visits: readonly Visit[]): string =>
  visits.map(({ state, fromNs, toNs }) => `${state} ${fromNs / S}-${toNs / S}`).join(", ");

test("visits follow each other without gaps, from the first instant to the last", () => {
  const panel = hostWith("1 high to soft, 1 soft to low, 2.5 low to clear");
  expect(shortly(stateVisits(panel))).toBe("high 0-1, soft 1-1, low 1-2.5, clear 2.5-7");
});

test("without a change the host stays as it was sampled", () => {
  expect(shortly(stateVisits(hostWith("")))).toBe("high 0-7");
});

test("in which state it began is known from the first change", () => {
  expect(shortly(stateVisits(hostWith("3 low to hard")))).toBe("low 0-3, hard 3-7");
});

test("a run without a host has no visits", () => {
  expect(panelsOf(exampleRun(), "run").flatMap(stateVisits)).toEqual([]);
});

test("times of states sum to the run, and tell visits and the first of them", () => {
  const times = stateTimes(stateVisits(hostWith("1 high to soft, 2 soft to high, 4 high to soft")));
  expect(times.map(({ state, visits, ns, firstNs }) => [state, visits, ns / S, firstNs / S])).toEqual([
    ["high", 2, 3, 0],
    ["clear", 0, 0, NaN],
    ["soft", 2, 4, 1],
    ["hard", 0, 0, NaN],
    ["low", 0, 0, NaN],
  ]);
});

test("for a drawing near visits of one state become one, whatever lies between", () => {
  const visits = stateVisits(hostWith("1 high to soft, 1.125 soft to high, 1.25 high to soft, 3 soft to high"));
  expect(shortly(joinedVisits(visits, 0.2 * S))).toBe("high 0-1.25, high 3-7, soft 1-3");
  expect(joinedVisits(visits, 0.1 * S)).toHaveLength(5);
});
