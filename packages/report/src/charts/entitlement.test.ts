import { actionsTable, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { entitlement } from "./entitlement.ts";

describe("entitlement", () => {
  chartLaws(entitlement, { isScarce: true });
  const run = exampleRun({ isScarce: true, vms: ["a", "b"] });

  test("gives the reason of the largest take in its caption, and of each VM's in words", () => {
    expect(entitlement.caption(run)).toContain(
      "The largest of all VMs: a at 2.2 s, 19.9 MiB, as number 1 to give: for its shares it holds much memory that it does not use (the idle memory tax).",
    );
    expect(entitlement.panels(run)[1]?.says).toContain("as number 2 to give: it holds much memory for its shares");
  });

  test("marks every decision to take from the VM", () => {
    const layers: readonly { readonly data: { readonly name: string; readonly values: readonly { readonly t: number }[] } }[] = Object(
      entitlement.panels(run)[0]?.spec,
    ).layer;
    expect(layers.find(({ data }) => data.name === "takes-1")?.data.values.map(({ t }) => t)).toEqual([2.05, 2.15, 2.2, 5]);
  });

  test("says so where nothing was taken", () => {
    const spared = { ...run, tables: [...run.tables.filter(({ spec }) => spec.name !== "actions"), tableOf(actionsTable, [])] };
    expect(entitlement.caption(spared)).toContain("In this run there were none.");
    expect(entitlement.panels(spared)[0]?.says).toContain("The host never asked it to give anything.");
  });

  test("is not drawn where memory is never scarce", () => {
    expect(entitlement.panels(exampleRun())).toEqual([]);
  });
});
