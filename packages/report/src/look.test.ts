import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { parseTheme } from "./house-theme.ts";
import { chartSpec, pictureSizes, PLAIN, type Look } from "./look.ts";
import { chartSvg } from "./svg.ts";
import { exampleRun } from "./testing.ts";

const one = exampleRun({ samples: 15, heatBins: [6, 4], isScarce: true, curves: "exact", needs: true, isCompared: true });
const several = exampleRun({
  vms: ["a", "b", "c"],
  instants: ["2.5s", "7s"],
  samples: 15,
  heatBins: [6, 4],
  isScarce: true,
  curves: "sampled",
  needs: true,
  isCompared: true,
});
const theme = parseTheme('font: "Charter, serif"\npaper: "#fffff0"\ncolours: { freed: "#008800" }', "house.yaml");
const looks: readonly (readonly [string, Look])[] = [
  ["as on a page", PLAIN],
  ...pictureSizes.map((size) => [`for ${size.name}`, { size, theme: undefined }] as const),
  ["in a house's colours", { size: undefined, theme }],
];

const charts = chartsOf(one);

/** Vega-Lite's own JSON Schema: what the Vega editor checks a spec against. */
const isVegaLite = new Ajv({ strict: false, logger: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve("vega-lite/vega-lite-schema.json"), "utf8")),
);

describe.each(looks)("%s", (_, look) => {
  test.each(charts)("$name is Vega-Lite by its schema, of one VM and of several, its data inside", (chart) => {
    for (const run of [one, several]) {
      const spec: unknown = JSON.parse(JSON.stringify(chartSpec(chart, run, look)));
      expect(isVegaLite(spec), JSON.stringify(isVegaLite.errors?.slice(0, 3))).toBe(true);
      expect(JSON.stringify(spec)).not.toMatch(/"url":"(?!\$)(?!url)|"format":\{"type"/);
    }
  });
});

test("the schema refuses what is not Vega-Lite", () => {
  expect(isVegaLite({ ...chartSpec(charts[0], one), layer: [{ mark: "blob" }] })).toBe(false);
});

const extentOf = (svg: string): readonly [width: number, height: number] => {
  const [, width, height] = /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
};

describe.each(pictureSizes)("$name", (size) => {
  test.each(charts)("$name has its width, and fits its frame", async (chart) => {
    for (const run of [one, several]) {
      const [width, height] = extentOf(await chartSvg(chart, run, { size, theme: undefined }));
      const room = size.frame ?? { width: size.width, height: Infinity };
      expect(width).toBeLessThanOrEqual(room.width);
      expect(height).toBeLessThanOrEqual(room.height);
      expect(width === room.width || height === room.height).toBe(true);
    }
  });
});

test("a look that asks for nothing changes nothing", async () => {
  for (const chart of charts) expect(await chartSvg(chart, one, PLAIN)).toBe(await chartSvg(chart, one));
});

test("on a slide panels stand side by side, in the order of reading, in letters as large as may be", async () => {
  const slide = pictureSizes.find(({ name }) => name === "slide");
  const counters = charts.find(({ name }) => name === "counters");
  if (slide === undefined || counters === undefined) throw new Error("no slide, or no such chart");
  /** Places of the panels in columns and rows, and how much they are enlarged. */
  const laidOut = async (vms: readonly string[]): Promise<readonly [string, number]> => {
    const svg = await chartSvg(counters, exampleRun({ vms, instants: [], samples: 15 }), { size: slide, theme: undefined });
    const places = [...svg.matchAll(/<svg (?:x="([\d.]+)" )?y="([\d.]+)"/g)].map(([, x = "0", y]) => [Number(x), Number(y)]);
    const [columns, rows] = [0, 1].map((axis) => [...new Set(places.map((place) => place[axis]))].toSorted((a, b) => a - b));
    const [, drawn] = /viewBox="0 0 ([\d.]+) /.exec(svg) ?? [];
    return [places.map(([x, y]) => `${columns.indexOf(x)},${rows.indexOf(y)}`).join(" "), extentOf(svg)[0] / Number(drawn)];
  };
  expect(await laidOut(["a", "b"])).toEqual(["0,0 1,0", expect.closeTo(0.92, 1)]);
  const [four, enlarged] = await laidOut(["a", "b", "c", "d"]);
  expect(four).toBe("0,0 1,0 0,1 1,1");
  expect(enlarged).toBeGreaterThan(0.7);
});
