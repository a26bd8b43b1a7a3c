import { checkFile, checkFolder, RUN_FILE, writeRun, writeWhole, type Run } from "@tidemark/data";
import { findChromium } from "./chromium.ts";
import { chartFolders, checkExports, lookOf, type ExportOptions } from "./export-options.ts";
import { say } from "./progress.ts";
import { counted } from "./words.ts";

/** Where a command that makes a run leaves it: its page, its charts, the run itself. */
export interface RunOutputs extends ExportOptions {
  readonly output?: string | undefined;
  readonly run?: string | undefined;
}

/** Refuses before the work what could not be written after it, or would be written over what is read. */
export async function checkRunOutputs(options: RunOutputs, inputs: readonly string[]): Promise<void> {
  const { output, run } = options;
  if (output !== undefined) checkFile(output, inputs);
  if (run !== undefined) checkFolder(run, RUN_FILE);
  await checkExports(options, inputs);
}

/** Writes what was asked for; gives the files of charts. */
export async function writeRunOutputs(made: Run, options: RunOutputs): Promise<readonly string[]> {
  const { output, run, pdf } = options;
  if (run !== undefined) {
    writeRun(run, made);
    say(`wrote ${run}: ${counted(made.tables.length, "table")}`);
  }
  if (output !== undefined || pdf !== undefined) {
    const { fontFaces, renderPage } = await import("@tidemark/report");
    const { theme } = await lookOf(options);
    const page = renderPage(made, theme);
    for (const file of fontFaces(theme?.fontFiles ?? []).leftOut)
      say(`${file}: is not in the page: fonts of 1 MiB in all are, no collections`);
    if (output !== undefined) {
      writeWhole(output, page);
      say(`wrote ${output}`);
    }
    if (pdf !== undefined) {
      const { printPdf } = await import("./print-pdf.ts");
      writeWhole(pdf, await printPdf(page, findChromium(`--pdf ${pdf}`)));
      say(`wrote ${pdf}`);
    }
  }
  if (chartFolders(options).length === 0) return [];
  const { exportCharts } = await import("./export-charts.ts");
  return exportCharts(made, options);
}
