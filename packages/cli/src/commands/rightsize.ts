import { parseScenario, rightsize } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { parseTimes, withPriceOptions, type PriceOptions } from "../curve-options.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { duration, estimatorSets, seed } from "../option-values.ts";
import { openVms } from "../pick-vms.ts";
import { needsPreflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

interface RightsizeOptions extends IngestOptions, RunOutputs, PriceOptions {
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
      .action(async (inputs: string[], options: RightsizeOptions) => {
        const { estimator = [], window } = options;
        await checkRunOutputs(options);
        const { input, vms } = await openVms(inputs, options);
        try {
          const size = options.size === undefined ? {} : { size: options.size };
          const scenario = parseScenario(
            JSON.stringify({
              seed: Number(options.seed),
              ...(window === undefined ? {} : { window }),
              vms: vms.map(({ name }) => ({ trace: input.path, vm: name, ...size })),
            }),
            "rightsize",
            estimator,
          );
          needsPreflight(vms);
          const run = await rightsize({
            scenario,
            open: () => input.trace,
            windowsNs: options.windows,
            stallsNs: options.stall,
            pageInNs: options.pageIn,
            extra: options.extra,
            tool: TOOL,
            progress: progress("counting working sets"),
          });
          await writeRunOutputs(run, options);
          if (options.json) {
            const { rightsizeJson } = await import("../rightsize-json.ts");
            printJson(rightsizeJson(run));
          } else {
            const { rightsizeText } = await import("../rightsize-text.ts");
            print(rightsizeText(run));
          }
        } finally {
          input.discard();
        }
      });
    withExportOptions(command);
  },
};
