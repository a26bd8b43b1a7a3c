import type { CliCommand } from "../command.ts";
import { withExportOptions, type ExportOptions } from "../export-options.ts";
import { withMeasuredReading, type MeasuredReadingOptions } from "../measured-options.ts";
import { duration, seed } from "../option-values.ts";

export interface MeasuredCommandOptions extends MeasuredReadingOptions, ExportOptions {
  readonly output?: string;
  readonly fitEstimator: boolean;
  readonly period: string;
  readonly seed: string;
  readonly json: boolean;
}

export const measuredCommand: CliCommand = {
  name: "measured",
  mount(program) {
    const command = withMeasuredReading(
      program
        .command("measured")
        .summary("list, convert and draw counters measured on real hosts")
        .description(
          "Reads counters that real hosts and guests wrote: esxtop batch files, vCenter, govc and PowerCLI exports, /proc/meminfo samples, virsh dommemstat and domstats. Lists them, writes them as one table, draws them. To hold a replay against them: explain or replay with --measured.",
        )
        .argument("<files...>", "files of measured counters, plain or packed; the format is told from the content"),
    )
      .option("-o, --output <table>", "write all samples as one table: NAME.csv or NAME.arrow")
      .option(
        "--fit-estimator",
        "fit the gains of the sampling estimator to measured active memory, the touched share taken as steady",
        false,
      )
      .option("--period <time>", "the host's sample period (Mem.SamplePeriod), for the fit", duration("--period"), "60s")
      .option("--seed <number>", "seed of the fit's random numbers", seed, "1")
      .option("--json", "print as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark measured esxtop.csv.gz
  $ tidemark measured stats.csv --measured-dates dmy --measured-zone +02:00 -o stats.arrow
  $ tidemark measured host.csv --fit-estimator --svg charts`,
      )
      .action(async (files: string[], options: MeasuredCommandOptions) => (await import("../actions/measured.ts")).act(files, options));
    withExportOptions(command);
  },
};
