import type { CliCommand } from "../command.ts";
import { parseTimes, withPriceOptions, type PriceOptions } from "../curve-options.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { duration, estimatorSets, seed } from "../option-values.ts";
import type { RunOutputs } from "../run-outputs.ts";

export interface RightsizeOptions extends IngestOptions, RunOutputs, PriceOptions {
  readonly windows: readonly number[];
  /** As overrides of the scenario. */
  readonly estimator?: readonly string[];
  readonly window?: string;
  readonly seed: string;
  readonly json: boolean;
}

export const rightsizeCommand: CliCommand = {
  name: "rightsize",
  mount(program) {
    const command = withPriceOptions(
      withIngestOptions(
        program
          .command("rightsize")
          .summary("say how much memory a VM needs: working sets, sizes with their price, what knowing the future would save")
          .description(
            "Counts the working sets of windows of many lengths in one pass, prices the memory sizes that they, reported active memory and the LRU miss curve suggest, and bounds what any policy could have saved.",
          )
          .argument("<inputs...>", "a trace folder, or captured files of any known format"),
      ).option(
        "--windows <times>",
        "window lengths of working sets, separated by commas; default: 1, 2, 5, 10, 30 s, 1, 2, 5, 10, 30 min and so on, finer for traces shorter than 100 s",
        parseTimes("--windows", 1),
        [],
      ),
    )
      .option(
        "--window <time>",
        "window of active memory; default: 60s for traces of ten minutes or more, else about a twentieth of the span",
        duration("--window"),
      )
      .option("--estimator <name>", "estimator of the reported active memory; default: esx-sampler", estimatorSets)
      .option("--seed <number>", "of all chance: what the estimator draws", seed, "1")
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--json", "print everything as JSON", false)
      .addHelpText(
        "after",
        `
Of a trace folder, --vm NAME takes that VM alone.

Examples:
  $ tidemark rightsize web.trace
  $ tidemark rightsize web.trace --windows 1min,5min,1h --page-in 5ms -o web.html
  $ tidemark rightsize accesses.csv --stall 0,50ms --extra 1% --json`,
      )
      .action(async (inputs: string[], options: RightsizeOptions) => (await import("../actions/rightsize.ts")).act(inputs, options));
    withExportOptions(command);
  },
};
