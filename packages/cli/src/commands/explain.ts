import { Option, type Command } from "commander";
import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { withMeasuredOptions, type MeasuredOptions } from "../measured-options.ts";
import { collect, duration, estimatorSets, instants, positive, seed } from "../option-values.ts";
import type { RunOutputs } from "../run-outputs.ts";

export interface ExplainOptions extends IngestOptions, MeasuredOptions, RunOutputs {
  readonly at: readonly string[];
  readonly window?: string;
  readonly sample?: string;
  readonly backing: string;
  /** As overrides of the scenario. */
  readonly estimator?: readonly string[];
  readonly timeScale?: string;
  readonly seed?: string;
  readonly set: readonly string[];
  readonly check: boolean;
  readonly json: boolean;
}

export const explain: CliCommand = {
  name: "explain",
  mount(program) {
    const command = withIngestOptions(
      program
        .command("explain")
        .summary("say why consumed memory exceeds active memory")
        .description(
          "Reads a captured trace, replays it on an uncontended host and prints the ledger: where consumed memory is, page by page. Of a run it says what happened, the host's decisions included.",
        )
        .argument("<inputs...>", "a trace folder, captured files of any known format, or a run folder"),
    )
      .option("--at <instant>", "instant to explain: a time such as 6.5s, peak, end or mark:N; repeatable; default: end", instants, [])
      .option(
        "--window <time>",
        "window of active memory; default: 60s for traces of ten minutes or more, else about a twentieth of the span",
        duration("--window"),
      )
      .option("--sample <time>", "time between samples; default: a tenth of the window, at most 1,000 samples", duration("--sample"))
      .addOption(new Option("--backing <size>", "page size of the host's backing").choices(["4k", "2m"]).default("4k"))
      .option(
        "--estimator <name>",
        "estimator of the reported active memory, e.g. esx-sampler:pages=400,slow=0.2; default: esx-sampler",
        estimatorSets,
      )
      .option("--time-scale <factor>", "hypervisor seconds per second of the trace; default: 1", positive)
      .option("--seed <number>", "seed of all chance; default: 1", seed)
      .option("--set <path=value>", "override any value of the scenario, e.g. vms.0.name=db; repeatable", collect, [])
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--check", "recount the machine page by page after every sample (slow)", false)
      .option("--json", "print the ledger as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark explain guest.csv.gz guest.kmem.csv.gz guest.meminfo.txt.gz --at 7s --window 1s -o report.html
  $ tidemark explain web.trace --at peak --at end --json
  $ tidemark explain web.trace --at mark:12 --backing 2m --png charts
  $ tidemark explain web.trace --measured esxtop.csv --measured-vm web-01=web --png charts
  $ tidemark explain run`,
      )
      .action(async (inputs: string[], options: ExplainOptions, command: Command) =>
        (await import("../actions/explain.ts")).act(inputs, options, command),
      );
    withExportOptions(withMeasuredOptions(command));
  },
};
