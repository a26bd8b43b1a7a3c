import type { Run } from "@tidemark/data";
import { expect, test } from "vitest";
import { panelsOf, type PanelPer } from "./panel.ts";
import { exampleRun } from "./testing.ts";
import { timeMarks } from "./time-axis.ts";

/** Labels in a wide chart, of markers or of explained instants. */
function labelsIn(run: Run, per: PanelPer, name: string): readonly string[] {
  const layers = panelsOf(run, per).slice(0, 1).flatMap(timeMarks);
  const { values }: { readonly values: readonly { readonly label: string }[] } = Object(
    layers.map(({ data }) => data).find((data) => Object(data).name === name),
  );
  return values.map(({ label }) => label);
}

const labelsOf = (per: PanelPer, vms: readonly string[]): readonly string[] => labelsIn(exampleRun({ vms }), per, "marker-labels-wide");

test("a VM's markers are named by their id; those that would overlap the one before are left out", () => {
  expect(labelsOf("vm", ["a", "b"])).toEqual(["11", "21", "23", "12"]);
});

test("on the host's axis, where several VMs have markers, each says whose it is, in order of time", () => {
  expect(labelsOf("run", ["a"])).toEqual(["11", "21", "23", "12"]);
  expect(labelsOf("run", ["a", "b"])).toEqual(["a 11", "a 21", "a 23", "a 12"]);
});

test("explained instants too near each other share a label, and say an equal time once", () => {
  const run = exampleRun();
  const [instant] = run.manifest.instants;
  const at = (...times: readonly number[]): readonly string[] => {
    const instants = times.map((timeNs) => ({ ...instant, timeNs }));
    return labelsIn({ ...run, manifest: { ...run.manifest, instants } }, "vm", "instant-labels-wide");
  };
  expect(at(6.9e9, 7e9)).toEqual(["6.9 s, 7 s"]);
  expect(at(7e9, 7e9 + 33)).toEqual(["7 s"]);
});
