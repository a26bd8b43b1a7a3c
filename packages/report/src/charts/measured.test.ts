import { pickTable, rowsOf, tableOf, timelineTable } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { measured } from "./measured.ts";

describe("measured", () => {
  chartLaws(measured, { isScarce: true, isMeasured: true, isHostMeasured: true });

  const run = exampleRun({ samples: 10, isMeasured: true });

  test("draws what was measured and is not always nothing, over the same counters of the replay", () => {
    const text = JSON.stringify(measured.spec(run));
    for (const line of ["consumed, simulated", "consumed, measured", "active, reported, measured"]) expect(text).toContain(line);
    for (const line of ["balloon", "granted", "swapped"]) expect(text).not.toContain(`${line}, measured`);
  });

  test("samples before or behind the replay are not drawn", () => {
    const short = { ...run, manifest: { ...run.manifest, endNs: 3e9 } };
    const times = measured.numbers(short).columns.time;
    expect(Math.max(...(times as Float64Array))).toBeLessThanOrEqual(3e9);
  });

  test("counters alone are drawn too, and their means are said", () => {
    const tables = run.tables.filter(({ spec }) => spec.name === "measured");
    const [panel] = measured.panels({ ...run, tables });
    expect(panel?.says).toMatch(/^alloc-4k, measured, in the mean: consumed \d/);
    expect(measured.caption({ ...run, tables })).toContain("nothing is simulated");
  });

  test("the host has a panel of its own where it was measured: its counters, and sums over its VMs", () => {
    const scarce = exampleRun({ samples: 10, vms: ["a", "b"], isScarce: true, isMeasured: true, isHostMeasured: true });
    const panels = measured.panels(scarce);
    expect(panels.map(({ vm, label }) => `${vm}: ${label}`)).toEqual(["a: a", "b: b", ": the host"]);
    const [, , host] = panels;
    const text = JSON.stringify(host?.spec);
    for (const line of ["free", "swapped"]) for (const of of ["measured", "simulated"]) expect(text).toContain(`${line}, ${of}`);
    expect(text).not.toContain("consumed");
    expect(host?.says).toBe("the host, measured, in the mean: free 39.1 MiB; swapped 28 KiB.");
    const swapped = rowsOf(measured.numbers(scarce)).filter(({ vm, counter, series }) => `${vm}${counter}${series}` === "swappedsimulated");
    const sum = rowsOf(pickTable(scarce.tables, timelineTable) ?? tableOf(timelineTable, [])).reduce((n, row) => n + row.swapped, 0);
    expect(swapped.reduce((n, { pages }) => n + Number(pages), 0)).toBe(sum);
  });
});
