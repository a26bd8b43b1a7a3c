import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { measured } from "./measured.ts";

describe("measured", () => {
  chartLaws(measured, { isMeasured: true });

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
});
