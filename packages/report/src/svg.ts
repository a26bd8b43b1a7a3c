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

/** The chart as one SVG, panels one below the other, on a slide also side by side, drawn without a browser; equal runs give equal bytes. Title and description are in it. */
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
  const arranged = (px: number, columns: number): Promise<string> => inColumns(panelSpecs(chart, run, look, px), columns);
  const svg = await arranged(width, 1);
  const says = chart.panels(run).map((panel) => panel.says);
  const picture = frame === undefined ? svg : await fitted(svg, says.length, frame, arranged);
  const told = `<title>${escapeHtml(chart.title)}</title><desc>${escapeHtml(says.join(" "))}</desc>`;
  return `${picture.replace(ROOT, (root) => `${root}${told}`)}\n`;
}

/** Panels in the order of reading: from left to right, then the next row. */
async function inColumns(specs: readonly TopLevelSpec[], columns: number): Promise<string> {
  const svgs: string[] = [];
  for (const spec of specs) svgs.push(await drawn(spec));
  const [first] = svgs;
  if (svgs.length === 1 && first !== undefined) return first;
  const panels = svgs.map((svg, i) => ({ svg, ...extentOf(svg), column: i % columns, row: Math.floor(i / columns) }));
  const largest = (sizes: readonly number[]): number => Math.max(0, ...sizes);
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const widths = Array.from({ length: columns }, (_, c) =>
    largest(panels.filter(({ column }) => column === c).map((panel) => panel.width)),
  );
  const heights = Array.from({ length: Math.ceil(panels.length / columns) }, (_, r) =>
    largest(panels.filter(({ row }) => row === r).map((panel) => panel.height)),
  );
  const [width, height] = [sum(widths), sum(heights)];
  const root = `<svg class="marks" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`;
  const placed = panels.map(({ svg, column, row }) => {
    const [x, y] = [sum(widths.slice(0, column)), sum(heights.slice(0, row))];
    return svg.replace("<svg ", x === 0 ? `<svg y="${y}" ` : `<svg x="${x}" y="${y}" `);
  });
  return `${root}${placed.join("")}</svg>`;
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

/** Enlarged or reduced as a whole to fit into a frame. Of several panels so many are side by side that letters become largest; what is too tall then is drawn wider. */
async function fitted(
  svg: string,
  panels: number,
  frame: Extent,
  arranged: (width: number, columns: number) => Promise<string>,
): Promise<string> {
  const { width, height } = extentOf(svg);
  const isFlat = Number.isFinite(frame.height);
  const heightIn = (columns: number): number => (height * Math.ceil(panels / columns)) / panels;
  const zoomIn = (columns: number): number => Math.min(frame.width / (columns * width), frame.height / heightIn(columns));
  const counts = Array.from({ length: isFlat ? panels : 1 }, (_, more) => 1 + more);
  const columns = counts.reduce((best, more) => (zoomIn(more) > zoomIn(best) ? more : best), 1);
  const shaped = isFlat ? Math.round(Math.min(frame.width, (heightIn(columns) * frame.width) / frame.height) / columns) : width;
  const chosen = columns > 1 || shaped > width ? await arranged(Math.max(width, shaped), columns) : svg;
  const extent = extentOf(chosen);
  const zoom = Math.min(frame.width / extent.width, frame.height / extent.height);
  const size = `width="${Math.round(extent.width * zoom)}" height="${Math.round(extent.height * zoom)}"`;
  return chosen.replace(EXTENT, (_, open: string) => `${open}${size}`);
}
