import { join } from "node:path";
import { writeWhole, type Run } from "@tidemark/data";
import { chartPng, chartsOf, chartSvg } from "@tidemark/report";
import { say } from "./progress.ts";
import { counted } from "./words.ts";

/** Where charts go as files. */
export interface ExportOptions {
  readonly svg?: string | undefined;
  readonly png?: string | undefined;
}

/** Writes every chart that the run has data for; gives the files written. */
export async function exportCharts(run: Run, { svg, png }: ExportOptions): Promise<readonly string[]> {
  if (svg === undefined && png === undefined) return [];
  const files: string[] = [];
  for (const chart of chartsOf(run)) {
    const drawing = await chartSvg(chart, run);
    if (svg !== undefined) files.push(write(join(svg, `${chart.name}.svg`), drawing));
    if (png !== undefined) files.push(write(join(png, `${chart.name}.png`), chartPng(drawing)));
  }
  say(`wrote ${counted(files.length, "chart")} to ${[svg, png].filter((folder) => folder !== undefined).join(" and ")}`);
  return files;
}

function write(path: string, content: string | Uint8Array): string {
  writeWhole(path, content);
  return path;
}
