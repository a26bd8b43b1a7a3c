import { rowsOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { chartLaws } from "../chart-laws.ts";
import { exampleRun } from "../testing.ts";
import { coldMemory } from "./cold-memory.ts";

describe("cold memory", () => {
  chartLaws(coldMemory);

  test("is taken at the last sample at or before the instant", () => {
    const rows = rowsOf(coldMemory.numbers(exampleRun({ samples: 8, instants: ["2.5s"] })));
    expect(new Set(rows.map(({ time }) => time))).toEqual(new Set([2e9]));
  });

  test("never rises with age", () => {
    const pages = rowsOf(coldMemory.numbers(exampleRun())).map((row) => row.pages);
    expect(pages.length).toBeGreaterThan(3);
    expect(pages).toEqual(pages.toSorted((a, b) => b - a));
  });

  test("draws steps that claim no more than was counted, each with its exact size", () => {
    const layers = Object(coldMemory.panels(exampleRun())[0]?.spec).layer;
    const shapes = [...layers].map(({ mark }) => mark).filter(({ type }) => type === "line" || type === "area");
    expect(shapes.map(({ interpolate }) => interpolate)).toEqual(["step-before", "step-before"]);
    const { data, encoding } = layers.at(-1);
    expect([encoding.x.field, encoding.x2.field, encoding.tooltip.field]).toEqual(["younger", "age", "tip"]);
    const [first, second] = data.values;
    expect([second.younger, second.tip]).toEqual([first.age, expect.stringMatching(/^not touched for at least .*: .* pages, .* bytes/)]);
  });

  test("says how much is older than the bounds of the ledger's classes", () => {
    expect(coldMemory.panels(exampleRun())[0]?.says).toMatch(
      /^alloc-4k: of 219\.8 MiB resident, .* not been touched for 1 s or more, .* for 5 s or more\.$/,
    );
  });
});
