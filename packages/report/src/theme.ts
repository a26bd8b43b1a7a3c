import type { Config } from "vega-lite";
import type { Frame } from "./layers.ts";
import { HEAT_RAMP, THEMES } from "./palette.ts";
import { WIDE_PLOT } from "./plot-width.ts";

/** The reader's own interface font; the PNG export brings one (fonts/). */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** What is drawn on and with, `#rrggbb`. */
export interface Inks {
  readonly paper: string;
  readonly ink: string;
  /** Labels and titles of axes. */
  readonly quiet: string;
  /** Axes and grid. */
  readonly rule: string;
}

const both = (light: string, dark: string) => ({ expr: `dark ? '${dark}' : '${light}'` });

/** One switch, `dark`, and the colours that follow from it: a page turns a drawn chart dark without drawing it anew. */
export const themeParams = (light: Inks, dark: Inks, isDark: boolean): NonNullable<Frame["params"]> => [
  { name: "dark", value: isDark },
  { name: "paper", ...both(light.paper, dark.paper) },
  { name: "ink", ...both(light.ink, dark.ink) },
  { name: "quiet", ...both(light.quiet, dark.quiet) },
  { name: "line", ...both(light.rule, dark.rule) },
  {
    name: "heatRamp",
    expr: `dark ? ${JSON.stringify(HEAT_RAMP.dark)} : ${JSON.stringify(HEAT_RAMP.light)}`,
  },
];

export const THEME_PARAMS = themeParams(THEMES.light, THEMES.dark, false);

export const THEME_CONFIG: Config = {
  background: { expr: "paper" },
  font: FONT,
  view: { stroke: null },
  axis: {
    domainColor: { expr: "line" },
    gridColor: { expr: "line" },
    gridOpacity: 0.6,
    tickColor: { expr: "line" },
    labelColor: { expr: "quiet" },
    titleColor: { expr: "quiet" },
    titleFontWeight: "normal",
    titleFontSize: 12,
    labelFontSize: 11,
    labelFlush: true,
  },
  axisY: {
    titleAngle: 0,
    titleAlign: "left",
    titleAnchor: "end",
    titleX: 0,
    titleY: -38,
    domain: false,
    ticks: false,
    labelPadding: 6,
    tickCount: 5,
  },
  // The first label of a band stands in the band's middle, like all others.
  axisBand: { labelFlush: false },
  axisX: { grid: false, labelOverlap: true, tickCount: { expr: "max(3, round(width / 80))" } },
  legend: {
    orient: "bottom",
    direction: "vertical",
    columns: { expr: `width < ${WIDE_PLOT} ? 1 : 2` },
    labelColor: { expr: "ink" },
    titleColor: { expr: "quiet" },
    titleFontWeight: "normal",
    titleFontSize: 12,
    labelFontSize: 12,
    labelLimit: 0,
    titleLimit: 0,
    symbolType: "square",
    symbolStrokeWidth: 0,
    symbolOpacity: 1,
    symbolSize: 120,
    columnPadding: 24,
    rowPadding: 4,
    offset: 12,
  },
  header: { title: null, labelColor: { expr: "ink" } },
  title: { color: { expr: "ink" }, anchor: "start", fontSize: 13, fontWeight: 600, offset: 12 },
  text: { color: { expr: "ink" }, fontSize: 12 },
};
