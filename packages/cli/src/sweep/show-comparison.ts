import { writeWhole, type Run } from "@tidemark/data";
import type { ExportOptions } from "../export-charts.ts";
import { print, printJson, say } from "../progress.ts";

export interface ShowOptions extends ExportOptions {
  readonly page?: string;
  readonly json: boolean;
}

/** Draws and prints a comparison that was written to `folder`, or to none. */
export async function showComparison(run: Run, folder: string | undefined, options: ShowOptions): Promise<void> {
  const { page, svg, png, json } = options;
  if (page !== undefined) {
    const { renderPage } = await import("@tidemark/report");
    writeWhole(page, renderPage(run));
    say(`wrote ${page}`);
  }
  if (svg !== undefined || png !== undefined) {
    const { exportCharts } = await import("../export-charts.ts");
    await exportCharts(run, options);
  }
  if (json) {
    const { compareJson } = await import("../compare-json.ts");
    printJson(compareJson(run, folder));
  } else {
    const { compareText } = await import("../compare-text.ts");
    print(compareText(run));
  }
}
