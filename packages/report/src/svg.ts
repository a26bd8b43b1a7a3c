import type { Run } from "@tidemark/data/shapes";
import { loader, parse, resetSVGDefIds, textMetrics, View, Warn, type LoggerInterface } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { WIDTH, type Chart } from "./chart.ts";
import { escapeHtml } from "./escape-html.ts";
import { isNarrowed } from "./plot-width.ts";
import { panelSpecs, PLAIN, type Look } from "./look.ts";

declare module "vega" {
  /** Exported by vega, missing in its typings: `canvas(false)` estimates text widths, the same on every machine. */
  export const textMetrics: { canvas(use: boolean): void };
}

/** Vega's complaints become our errors: a chart of ours that warns is a bug. */
export const strictLogger: LoggerInterface = {
  level: ((level?: number) => (level === undefined ? Warn : strictLogger)) as LoggerInterface["level"],
  error: complain,
  warn: complain,
  info: () => strictLogger,
  debug: () => strictLogger,
};

function complain(...said: readonly unknown[]): never {
  throw new Error(`bug: vega: ${said.map(String).join(" ")}`);
}

/** The chart as one SVG, panels one below the other, drawn without a browser; equal runs give equal bytes. Title and description are in it. */
export function chartSvg(chart: Chart, run: Run, look: Look = PLAIN): Promise<string> {
  const svg = turn.then(() => draw(chart, run, look));
  turn = svg.catch(() => {});
  return svg;
}

/** Vega numbers clip paths and gradients in one count for all: drawings take turns, so that each begins at 0. */
let turn: Promise<unknown> = Promise.resolve();

async function draw(chart: Chart, run: Run, look: Look): Promise<string> {
  resetSVGDefIds();
  textMetrics.canvas(false);
  const { width = WIDTH, frame } = look.size ?? {};
  const inWidth = (px: number): Promise<string> => stacked(panelSpecs(chart, run, look, px));
  const svg = await inWidth(width);
  const picture = frame === undefined ? svg : await fitted(svg, frame, inWidth);
  const says = chart.panels(run).map((panel) => panel.says);
  const told = `<title>${escapeHtml(chart.title)}</title><desc>${escapeHtml(says.join(" "))}</desc>`;
  return `${picture.replace(ROOT, (root) => `${root}${told}`)}\n`;
}

async function stacked(specs: readonly TopLevelSpec[]): Promise<string> {
  const svgs: string[] = [];
  for (const spec of specs) svgs.push(await drawn(spec));
  const [first] = svgs;
  if (svgs.length === 1 && first !== undefined) return first;
  const extents = svgs.map(extentOf);
  const tops = extents.map((_, i) => extents.slice(0, i).reduce((sum, { height }) => sum + height, 0));
  const width = Math.max(0, ...extents.map((extent) => extent.width));
  const height = extents.reduce((sum, extent) => sum + extent.height, 0);
  const root = `<svg class="marks" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`;
  return `${root}${svgs.map((svg, i) => svg.replace("<svg ", `<svg y="${tops[i]}" `)).join("")}</svg>`;
}

async function drawn(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec, { logger: strictLogger }).spec), {
    renderer: "none",
    loader: loader({}),
    logger: strictLogger,
  });
  try {
    const room = view.width();
    const svg = await view.toSVG();
    return isNarrowed(view, room) ? await view.resize().toSVG() : svg;
  } finally {
    view.finalize();
  }
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

const ROOT = /^<svg [^>]*>/;
/** The size of an SVG of Vega's, as its root element says. */
const EXTENT = /^(<svg [^>]*?)width="([\d.]+)" height="([\d.]+)"/;
const extentOf = (svg: string): Extent => {
  const [, , width, height] = EXTENT.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
};

/** Enlarged or reduced as a whole to fit into a frame; what is too tall for it is first drawn wider. */
async function fitted(svg: string, frame: Extent, widened: (width: number) => Promise<string>): Promise<string> {
  const { width, height } = extentOf(svg);
  const shaped = Number.isFinite(frame.height) ? Math.min(frame.width, Math.round((height * frame.width) / frame.height)) : width;
  const chosen = shaped > width ? await widened(shaped) : svg;
  const extent = extentOf(chosen);
  const zoom = Math.min(frame.width / extent.width, frame.height / extent.height);
  const size = `width="${Math.round(extent.width * zoom)}" height="${Math.round(extent.height * zoom)}"`;
  return chosen.replace(EXTENT, (_, open: string) => `${open}${size}`);
}
