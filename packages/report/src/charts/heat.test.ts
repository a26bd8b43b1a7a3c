import { heatTable, rowsOf, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { chartSvg } from "../svg.ts";
import { exampleRun } from "../testing.ts";
import { heat } from "./heat.ts";

describe("heat", () => {
  chartLaws(heat);

  test("has every bin in its numbers", () => {
    const run = exampleRun({ heatBins: [12, 8] });
    const table = run.tables.find(({ spec }) => spec.name === "heat");
    expect(rowsOf(heat.numbers(run)).length).toBe(table?.length);
  });

  test("stays one small picture at the largest number of bins", async () => {
    const bins = Array.from({ length: 240 * 128 }, (_, i) => {
      const [t, p] = [Math.floor(i / 128), i % 128];
      return {
        vm: "alloc-4k",
        time: t * 29_166_667,
        timeEnd: (t + 1) * 29_166_667,
        ppn: p * 512,
        ppnEnd: (p + 1) * 512,
        accesses: 1 + ((i * 7919) % 100_003),
      };
    });
    const run = exampleRun({ samples: 10 });
    const tables = [...run.tables.filter(({ spec }) => spec.name !== "heat"), tableOf(heatTable, bins)];
    const svg = await chartSvg(heat, { ...run, tables });
    expect(svg.match(/<image /g)).toHaveLength(1);
    expect(svg.length).toBeLessThan(200_000);
  });

  test("has a caption that tells captured addresses from synthesised ones", () => {
    const run = exampleRun();
    expect(heat.caption(run)).toContain("are those of the trace");
    const vms = run.manifest.vms.map((vm) => ({ ...vm, ppns: "synthesised" as const }));
    expect(heat.caption({ ...run, manifest: { ...run.manifest, vms } })).toContain("order of first touch");
  });
});
