import { join } from "node:path";
import { toCsv, writeWhole, type Run, type Table } from "@tidemark/data";
import { chartPng, chartsOf, chartSpec, chartSvg, runMarkdown } from "@tidemark/report";
import { arrowBytes } from "./arrow-bytes.ts";
import { chartFolders, lookOf, type DataFormat, type ExportOptions } from "./export-options.ts";
import { say } from "./progress.ts";
import { counted } from "./words.ts";

/** Writes every chart that the run has data for, as asked; gives the files written. */
export async function exportCharts(run: Run, options: ExportOptions): Promise<readonly string[]> {
  const { svg, png, spec, markdown, data = [] } = options;
  const folders = chartFolders(options);
  if (folders.length === 0) return [];
  const look = await lookOf(options);
  const files: string[] = [];
  const write = (path: string, content: string | Uint8Array): void => {
    writeWhole(path, content);
    files.push(path);
  };
  const all = chartsOf(run);
  for (const chart of all) {
    const { name } = chart;
    const numbers = data.map((format) => ({ format, content: numbersAs(format, chart.numbers(run)) }));
    const drawing = svg === undefined && png === undefined && markdown === undefined ? "" : await chartSvg(chart, run, look);
    for (const folder of new Set([svg, markdown])) if (folder !== undefined) write(join(folder, `${name}.svg`), drawing);
    if (png !== undefined) write(join(png, `${name}.png`), chartPng(drawing, look.theme?.fontFiles));
    if (spec !== undefined) write(join(spec, `${name}.vl.json`), `${JSON.stringify(chartSpec(chart, run, look), null, 1)}\n`);
    for (const folder of folders) for (const { format, content } of numbers) write(join(folder, `${name}.${format}`), content);
  }
  if (markdown !== undefined)
    write(
      join(markdown, "report.md"),
      runMarkdown(run, ({ name }) => `${name}.svg`),
    );
  say(`wrote ${counted(all.length, "chart")} to ${folders.join(" and ")}`);
  return files;
}

const numbersAs = (format: DataFormat, table: Table): string | Uint8Array => (format === "csv" ? toCsv(table) : arrowBytes(table));
