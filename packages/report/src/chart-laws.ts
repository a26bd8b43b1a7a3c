import { compile } from "vega-lite";
import { expect, test } from "vitest";
import type { Chart } from "./chart.ts";
import { chartSvg, strictLogger } from "./svg.ts";
import { exampleRun, type ExampleShape } from "./testing.ts";

/**
 * What holds of every chart, shown with a run of this shape: of one VM, and of several where `shape` leaves that open. The spec's data and
 * its drawing are stored as goldens, beside this file's folder.
 */
export function chartLaws(chart: Chart, shape: ExampleShape = {}): void {
  const small = exampleRun({ samples: 15, heatBins: [6, 4], ...shape });
  const isOfHost = chart.panels(small).every(({ vm }) => vm === "");

  test("reads the tables it declares, all of them and no others", () => {
    const names = new Set(chart.tables.map(({ name }) => name));
    const only = { ...small, tables: small.tables.filter(({ spec }) => names.has(spec.name)) };
    expect(chart.spec(only)).toEqual(chart.spec(small));
    for (const left of names) {
      const without = { ...small, tables: small.tables.filter(({ spec }) => spec.name !== left) };
      expect(chart.panels(without), `without ${left}`).not.toEqual(chart.panels(small));
    }
  });

  test("has nothing to draw in a run without tables, and says so by having no panels", () => {
    expect(chart.panels({ ...small, tables: [] })).toEqual([]);
    expect(chart.numbers({ ...small, tables: [] }).length).toBe(0);
  });

  test("names only fields that its data has", () => {
    for (const { spec } of chart.panels(small)) {
      for (const layer of layersOf(spec)) {
        const rows = layer.data.values;
        const made = (layer.transform ?? []).map((step) => step.as);
        for (const { field } of Object.values(layer.encoding).flat()) {
          if (field !== undefined && rows.length > 0) expect([...Object.keys(rows[0] ?? {}), ...made]).toContain(field);
        }
      }
    }
  });

  test("compiles without a complaint, for one VM and for several", () => {
    const many = exampleRun({ vms: ["a", "b", "c"], instants: ["2.5s", "7s"], samples: 15, heatBins: [6, 4], ...shape });
    expect(() => compile(chart.spec(small), { logger: strictLogger })).not.toThrow();
    expect(() => compile(chart.spec(many), { logger: strictLogger })).not.toThrow();
    const ofVms = chart.panels(many).filter(({ vm }) => vm !== "");
    expect(new Set(ofVms.map(({ vm }) => vm))).toEqual(new Set(isOfHost ? [] : ["a", "b", "c"]));
  });

  test("says what it shows, with the VM's name or of the host, and how to read it", () => {
    const [panel] = chart.panels(small);
    expect(panel?.says).toMatch(isOfHost ? /\d/ : /alloc-4k|off by/);
    expect(chart.caption(small).length).toBeGreaterThan(80);
    expect(chart.title).toMatch(/\?$/);
  });

  test("keeps its spec", async () => {
    await expect(`${JSON.stringify(chart.panels(small)[0]?.spec, shortly, 2)}\n`).toMatchFileSnapshot(
      `__snapshots__/${chart.name}.vl.json`,
    );
  });

  test("is drawn as its golden, byte for byte, each time", async () => {
    const svg = await chartSvg(chart, small);
    expect(await chartSvg(chart, small)).toBe(svg);
    await expect(svg).toMatchFileSnapshot(`__snapshots__/${chart.name}.svg`);
  });
}

interface LayerView {
  readonly data: { readonly values: readonly object[] };
  readonly transform?: readonly { readonly as: string }[];
  readonly encoding: { readonly [channel: string]: { readonly field?: string } };
}

/** The layers of a panel's spec, as far as the laws look at them. */
const layersOf = (spec: object): readonly LayerView[] => Object(spec).layer;

/** Rows in one line each, and the shared frame left out: goldens are for reading. */
function shortly(key: string, value: unknown): unknown {
  if (key === "config" || key === "params" || key === "$schema") return undefined;
  if (key === "values" && Array.isArray(value) && typeof value[0] === "object") return value.slice(0, 4).map((row) => JSON.stringify(row));
  return value;
}
