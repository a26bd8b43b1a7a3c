import { expect, test } from "vitest";
import { panelsOf, type PanelPer } from "./panel.ts";
import { exampleRun } from "./testing.ts";
import { timeMarks } from "./time-axis.ts";

/** Labels of the markers in a wide chart. */
function labelsOf(per: PanelPer, vms: readonly string[]): readonly string[] {
  const layers = panelsOf(exampleRun({ vms }), per).slice(0, 1).flatMap(timeMarks);
  const { values }: { readonly values: readonly { readonly label: string }[] } = Object(
    layers.map(({ data }) => data).find((data) => Object(data).name === "marker-labels-wide"),
  );
  return values.map(({ label }) => label);
}

test("a VM's markers are named by their id; those that would overlap the one before are left out", () => {
  expect(labelsOf("vm", ["a", "b"])).toEqual(["11", "21", "23", "12"]);
});

test("on the host's axis, where several VMs have markers, each says whose it is, in order of time", () => {
  expect(labelsOf("run", ["a"])).toEqual(["11", "21", "23", "12"]);
  expect(labelsOf("run", ["a", "b"])).toEqual(["a 11", "a 21", "a 23", "a 12"]);
});
