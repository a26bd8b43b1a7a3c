import type { Run } from "@tidemark/data";
import type { ExportOptions } from "../export-charts.ts";
import { print, printJson } from "../progress.ts";
import { writeRunOutputs } from "../run-outputs.ts";

export interface ShowOptions extends ExportOptions {
  readonly page?: string;
  readonly json: boolean;
}

/** Draws and prints a comparison that was written to `folder`, or to none. */
export async function showComparison(run: Run, folder: string | undefined, options: ShowOptions): Promise<void> {
  const { page, svg, png, json } = options;
  await writeRunOutputs(run, { output: page, svg, png });
  if (json) {
    const { compareJson } = await import("../compare-json.ts");
    printJson(compareJson(run, folder));
  } else {
    const { compareText } = await import("../compare-text.ts");
    print(compareText(run));
  }
}
