import { checkFile, checkFolder, RUN_FILE, writeRun, writeWhole, type Run } from "@tidemark/data";
import type { ExportOptions } from "./export-charts.ts";
import { say } from "./progress.ts";

/** Where a command that makes a run leaves it: its page, its charts, the run itself. */
export interface RunOutputs extends ExportOptions {
  readonly output?: string | undefined;
  readonly run?: string | undefined;
}

/** Refuses before the work what could not be written after it. */
export function checkRunOutputs({ output, run, svg, png }: RunOutputs): void {
  if (output !== undefined) checkFile(output);
  if (run !== undefined) checkFolder(run, RUN_FILE);
  for (const charts of [svg, png]) if (charts !== undefined) checkFolder(charts);
}

/** Writes what was asked for. */
export async function writeRunOutputs(made: Run, options: RunOutputs): Promise<void> {
  const { output, run, svg, png } = options;
  if (run !== undefined) {
    writeRun(run, made);
    say(`wrote ${run}`);
  }
  if (output !== undefined) {
    const { renderPage } = await import("@tidemark/report");
    writeWhole(output, renderPage(made));
    say(`wrote ${output}`);
  }
  if (svg !== undefined || png !== undefined) {
    const { exportCharts } = await import("./export-charts.ts");
    await exportCharts(made, options);
  }
}
