import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { sharing } from "./sharing.ts";

describe("sharing", () => {
  chartLaws(sharing, { isScarce: true });
  const run = exampleRun({ isScarce: true, vms: ["a", "b"] });

  test("stacks frames kept and frames saved up to the pages that share", () => {
    const spec = Object(sharing.panels(run)[0]?.spec);
    const values: readonly { readonly t: number; readonly m: number }[] = spec.layer[0].data.values;
    const last = rowsOf(sharing.numbers(run)).at(-1);
    const sum = values.filter(({ t }) => t === 7).reduce((total, { m }) => total + m, 0);
    expect(sum * 256).toBeCloseTo((last?.sharedCommon ?? 0) + (last?.granted ?? 0) - (last?.consumed ?? 0), 0);
    expect(sum * 256).toBeCloseTo(2_251 + 1_801, 0);
  });

  test("says what is saved by how many frames", () => {
    expect(sharing.panels(run)[0]?.says).toContain("page sharing saves 11.9 MiB");
    expect(sharing.panels(run)[0]?.says).toContain("15.8 MiB of pages share 4 MiB of frames");
  });

  test("is not drawn where nothing is shared", () => {
    expect(sharing.panels(exampleRun())).toEqual([]);
  });
});
