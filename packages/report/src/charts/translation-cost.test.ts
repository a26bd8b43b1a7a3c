import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { translationCost } from "./translation-cost.ts";

describe("translation-cost", () => {
  chartLaws(translationCost);

  test("a panel per VM, page sizes and core, named", () => {
    const ways = [
      ["4k/4k", "skylake"],
      ["2m/2m", "zen4"],
    ] as const;
    expect(translationCost.panels(exampleRun({ vms: ["a", "b"], translated: ways })).map(({ label }) => label)).toEqual([
      "a on skylake, pages 4k/4k",
      "a on zen4, pages 2m/2m",
      "b on skylake, pages 4k/4k",
      "b on zen4, pages 2m/2m",
    ]);
  });

  test("says cycles and share of run time, the access itself set against them", () => {
    // native: 9,000 hits of 7 cycles and 3,000 walks of 1.7 references of 30, over a million accesses of 4 cycles.
    expect(translationCost.panels(exampleRun())[0]?.says).toContain("native 0.22 (5.1 % of run time), shadow 5.02 (56 % of run time)");
  });

  test("its caption tells a trace in exact order from others", () => {
    const { manifest, tables } = exampleRun();
    const vms = manifest.vms.map((vm) => ({ ...vm, order: "exact" as const }));
    expect(translationCost.caption({ manifest, tables })).toContain("not declared to be in exact order");
    expect(translationCost.caption({ manifest: { ...manifest, vms }, tables })).not.toContain("exact order");
  });

  test("its bars sum to what it says, the access left out", () => {
    const sum = rowsOf(translationCost.numbers(exampleRun()))
      .filter(({ mode, cause }) => String(mode) === "shadow" && String(cause) !== "access")
      .reduce((total, { perAccess }) => total + perAccess, 0);
    expect(sum).toBeCloseTo(0.216 + (1920 * 2500) / 1e6, 6);
    expect(barsOf("shadow").reduce((total, { cycles }) => total + cycles, 0)).toBeCloseTo(sum, 6);
  });
});

interface Bar {
  readonly mode: string;
  readonly cycles: number;
}

/** The bars of a mode, as drawn. */
function barsOf(mode: string): readonly Bar[] {
  const bars: readonly Bar[] = Object(translationCost.panels(exampleRun())[0]?.spec).layer[0].data.values;
  return bars.filter((bar) => bar.mode === mode);
}
