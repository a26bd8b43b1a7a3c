import { readFileSync } from "node:fs";
import { InputError } from "@tidemark/data";
import { expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { caseMap } from "./charts/case-map.ts";
import { counters } from "./charts/counters.ts";
import { gapOverTime } from "./charts/gap-over-time.ts";
import { waterfall } from "./charts/waterfall.ts";
import { cssFont, MEANINGS, parseTheme, themed } from "./house-theme.ts";
import { CLASS_COLOUR, GUEST_COLOUR, GUEST_COLOUR_DARK, HEAT_RAMP, THEMES } from "./palette.ts";
import { chartPng } from "./png.ts";
import { chartSvg } from "./svg.ts";
import { exampleRun } from "./testing.ts";

const run = exampleRun({ samples: 15, heatBins: [6, 4], isScarce: true, curves: "exact", needs: true, isCompared: true });
const charts = chartsOf(run);
const inTheme = (text: string) => ({ size: undefined, theme: parseTheme(text, "house.yaml") });

test("a class has the house's colour in every chart that shows it, and the others keep theirs", async () => {
  const look = inTheme('colours: { freed: "#00aa00" }');
  for (const chart of charts) {
    const [plain, themedSvg] = [await chartSvg(chart, run), await chartSvg(chart, run, look)];
    expect(themedSvg, chart.name).toBe(plain.replaceAll(CLASS_COLOUR.freed, "#00aa00"));
  }
  expect(await chartSvg(gapOverTime, run, look)).toContain('fill="#00aa00"');
});

test("every colour in a chart has a meaning that a theme can name", async () => {
  const known = new Set([...MEANINGS.values(), ...Object.values(THEMES.light), ...HEAT_RAMP.light]);
  for (const chart of charts.filter(({ name }) => !RAMPS.includes(name))) {
    const drawn = [...(await chartSvg(chart, run)).matchAll(/(?:fill|stroke)="(#[0-9a-f]{6})"/g)].map(([, colour = ""]) => colour);
    expect(
      [...new Set(drawn)].filter((colour) => !known.has(colour)),
      chart.name,
    ).toEqual([]);
  }
});

/** Charts whose areas have a step of a ramp each. */
const RAMPS = ["walk-references", "exits", "case-map"];

test("paper, ink, axes and letters are the house's, in every chart", async () => {
  const look = inTheme('{ font: "Charter, serif", paper: "#fffff0", ink: "#000011", quiet: "#000022", line: "#000033" }');
  for (const chart of charts) {
    const svg = await chartSvg(chart, run, look);
    expect(svg, chart.name).toContain('font-family="Charter, serif"');
    expect(svg).toContain('fill="#fffff0"');
    // The figures of the map stand on its own ramp, whose steps stay.
    const replaced = Object.values(THEMES.light).filter((ours) => chart !== caseMap || ours !== THEMES.light.ink);
    for (const ours of replaced) expect(svg, `${chart.name} ${ours}`).not.toContain(ours);
    expect(svg).not.toContain("Roboto");
  }
});

test("a dark theme is our dark one, with what the house says of it", async () => {
  const svg = await chartSvg(waterfall, run, inTheme('{ dark: true, ink: "#ffffff" }'));
  expect(svg).toContain(`fill="${THEMES.dark.paper}"`);
  expect(svg).toContain('fill="#ffffff"');
  expect(svg).not.toContain(THEMES.light.ink);
});

test("only colours are replaced: a VM may be called like one", () => {
  const hostile = exampleRun({ vms: [CLASS_COLOUR.freed, "b"], samples: 15, instants: ["7s"] });
  const spec = waterfall.spec(hostile);
  const changed = JSON.stringify(themed(spec, parseTheme('colours: { freed: "#00aa00" }', "house.yaml")));
  expect(changed).toContain(`${CLASS_COLOUR.freed} at 7 s`);
  expect(changed).not.toContain(`"colour":"${CLASS_COLOUR.freed}"`);
});

test("a colour that is another one in the dark is the house's in both looks", () => {
  const spec = JSON.stringify(themed(counters.spec(run), parseTheme('colours: { used in the guest: "#00aa00" }', "house.yaml")));
  expect(spec).toContain("dark ? '#00aa00' : '#00aa00'");
  for (const ours of [GUEST_COLOUR, GUEST_COLOUR_DARK]) expect(spec).not.toContain(ours);
});

test("a theme's look is its own, the other one stays ours", () => {
  const spec = themed(waterfall.spec(run), parseTheme('{ paper: "#fffff0", line: "#000033" }', "house.yaml"));
  const params = JSON.stringify(spec.params);
  expect(params).toContain(`dark ? '${THEMES.dark.paper}' : '#fffff0'`);
  expect(params).toContain(`dark ? '${THEMES.dark.rule}' : '#000033'`);
});

test.each([
  ["Charter, serif", "Charter, serif"],
  ["Source Sans 3, sans-serif", '"Source Sans 3", sans-serif'],
  ["-apple-system,  PT Mono", "-apple-system, PT Mono"],
  ["3270, Größe, A+B", '"3270", Größe, "A+B"'],
])("the families of %s are such as CSS takes", (font, css) => {
  expect(cssFont(font)).toBe(css);
});

test("an empty theme changes nothing", async () => {
  expect(await chartSvg(waterfall, run, inTheme("{}"))).toBe(await chartSvg(waterfall, run));
});

test("a house's letters are in the PNG if their file is given", async () => {
  const svg = await chartSvg(waterfall, run, inTheme("font: Inter SemiBold"));
  expect(chartPng(svg).length).toBeGreaterThan(1_000);
});

test.each([
  ["", "house.yaml:1:1: theme: write keys with values"],
  ["[1]", "house.yaml:1:1: theme: write keys with values"],
  ["font: Arial\ncolours:\n  freed: green", "house.yaml:3:10: colours.freed: write a colour as #rrggbb"],
  ["paper: #ffffff", "house.yaml:1:8: paper: write a colour as #rrggbb, in quotes"],
  ["font: 'a\"b'", "house.yaml:1:7: font: write a font family as CSS names it, without quotes"],
  ["fontFiles: mine.ttf", "house.yaml:1:12: fontFiles: write a list of font files"],
  ["papers: '#ffffff'", 'house.yaml:1:1: unknown key "papers"; known here: font, fontFiles, dark, paper, ink, quiet, line, colours'],
  ["a: {", "house.yaml:1:5: Flow map in block collection must be sufficiently indented and end with a }"],
])("%j is refused where it is wrong", (text, message) => {
  expect(() => parseTheme(text, "house.yaml")).toThrow(new InputError(message));
});

test("an unknown colour is refused with those that there are", () => {
  expect(() => parseTheme('colours: { fred: "#00aa00" }', "house.yaml")).toThrow(
    /^house\.yaml:1:12: unknown key "fred"; known here: total, active, .*, swap, /,
  );
});

test("docs/exports.md has every meaning, and its example is a theme", () => {
  const docs = readFileSync(new URL("../../../docs/exports.md", import.meta.url), "utf8");
  for (const meaning of MEANINGS.keys()) expect(docs).toContain(`\`${meaning}\``);
  const [, example = ""] = /```yaml\n([^]*?)```/.exec(docs) ?? [];
  expect(parseTheme(example, "example.yaml").colours).toEqual({ freed: "#006633", balloon: "#0099cc" });
});
