import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { PLAIN } from "../look.ts";
import { chartSvg } from "../svg.ts";
import { exampleRun } from "../testing.ts";
import { workingSetFan } from "./working-set-fan.ts";

const SHAPE = { needs: true };

describe("working-set-fan", () => {
  chartLaws(workingSetFan, SHAPE);

  const valuesOf = (name: string): readonly { readonly [field: string]: unknown }[] =>
    Object(workingSetFan.panels(exampleRun(SHAPE))[0]?.spec).layer.find(
      (layer: { readonly data: { readonly name: string } }) => layer.data.name === `${name}-1`,
    ).data.values;

  test("draws mean and largest of all, reads and writes at every window, and the shade between those of all", () => {
    const lines = [...new Set(valuesOf("sets").map(({ line }) => line))];
    expect(lines).toEqual(["touched, mean", "touched, largest", "read, mean", "read, largest", "written, mean", "written, largest"]);
    expect([valuesOf("sets").length, valuesOf("band").length]).toEqual([6 * 7, 7]);
  });

  test("what is reported stands at its own window", () => {
    const tip = "active reported, largest: 19,661 pages, 80,531,456 bytes (76.8 MiB)";
    expect(valuesOf("reported")).toEqual([
      expect.objectContaining({ window: 5e8, m: 76.801, words: "active reported, largest", tip }),
      expect.objectContaining({ window: 5e8, m: 50.309, words: "active reported, mean" }),
    ]);
  });

  test.each([320, 720])("the whole trace is named on the axis, %i px wide", async (width) => {
    const size = { name: "test", about: "", width, frame: { width, height: Infinity } };
    const svg = await chartSvg(workingSetFan, exampleRun(SHAPE), { ...PLAIN, size });
    const axis = svg.slice(svg.indexOf("X-axis"), svg.lastIndexOf("length of the window"));
    const labels = [...axis.matchAll(/opacity="1">([^<]+)<\/text>/g)].map(([, label]) => label);
    expect(labels).toContain("whole trace");
    expect(labels.length).toBeGreaterThanOrEqual(3);
  });

  test("has nothing to draw of a trace of one instant", () => {
    const run = exampleRun(SHAPE);
    const tables = run.tables.map((table) =>
      table.spec.name === "working-set" ? { ...table, columns: { ...table.columns, window: new Float64Array(table.length) } } : table,
    );
    expect(workingSetFan.panels({ ...run, tables })).toEqual([]);
  });
});
