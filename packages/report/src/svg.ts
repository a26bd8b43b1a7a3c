import type { Run } from "@tidemark/data";
import { loader, parse, resetSVGDefIds, textMetrics, View, Warn, type LoggerInterface } from "vega";
import { compile } from "vega-lite";
import type { Chart } from "./chart.ts";
import { escapeHtml } from "./escape-html.ts";

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

/** The chart as one SVG, drawn without a browser; equal runs give equal bytes. Title and description are in it. */
export async function chartSvg(chart: Chart, run: Run): Promise<string> {
  const spec = chart.spec(run);
  resetSVGDefIds();
  textMetrics.canvas(false);
  const view = new View(parse(compile(spec, { logger: strictLogger }).spec), {
    renderer: "none",
    loader: loader({}),
    logger: strictLogger,
  });
  try {
    const svg = await view.toSVG();
    const told = `<title>${escapeHtml(chart.title)}</title><desc>${escapeHtml(spec.description ?? "")}</desc>`;
    return `${svg.replace(/^<svg [^>]*>/, (open) => `${open}${told}`)}\n`;
  } finally {
    view.finalize();
  }
}
