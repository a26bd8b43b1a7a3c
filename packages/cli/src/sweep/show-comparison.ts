import type { Run } from "@tidemark/data/shapes";
import type { ExportOptions } from "../export-options.ts";
import { print, printJson } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";

export interface ShowOptions extends ExportOptions {
  readonly page?: string;
  readonly json: boolean;
}

/** A comparison's own `-o` is a folder; its page is given by `--page`. */
const outputsOf = (options: ShowOptions): RunOutputs => ({ ...options, output: options.page, run: undefined });

/** Refuses before the work what could not be drawn after it. */
export const checkShown = (options: ShowOptions, inputs: readonly string[]): Promise<void> => checkRunOutputs(outputsOf(options), inputs);

/** Draws and prints a comparison that was written to `folder`, or to none. */
export async function showComparison(run: Run, folder: string | undefined, options: ShowOptions): Promise<void> {
  await writeRunOutputs(run, outputsOf(options));
  if (options.json) {
    const { compareJson } = await import("../compare-json.ts");
    printJson(compareJson(run, folder));
  } else {
    const { compareText } = await import("../compare-text.ts");
    print(compareText(run));
  }
}
