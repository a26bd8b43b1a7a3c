import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { hostMemory } from "./host-memory.ts";

describe("host memory", () => {
  chartLaws(hostMemory, { isScarce: true });

  test("stacks every sample up to the configured size", () => {
    const spec = Object(hostMemory.panels(exampleRun({ isScarce: true, samples: 20 }))[0]?.spec);
    const parts: readonly { readonly t: number; readonly m: number }[] = spec.layer[0].data.values;
    const sums = new Map<number, number>();
    for (const { t, m } of parts) sums.set(t, (sums.get(t) ?? 0) + m);
    expect(sums.size).toBe(20);
    for (const sum of sums.values()) expect(sum).toBeCloseTo(256, 1);
  });

  test("says where the memory is at the end", () => {
    expect(hostMemory.panels(exampleRun({ isScarce: true }))[0]?.says).toContain("13.2 MiB swapped by the host, 22 MiB in the balloon");
  });

  test("is not drawn where memory is never scarce", () => {
    expect(hostMemory.panels(exampleRun())).toEqual([]);
    expect(rowsOf(hostMemory.numbers(exampleRun()))).toEqual([]);
  });
});
