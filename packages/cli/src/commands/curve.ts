import type { AskedPolicy } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { parseMemorySizes, parsePageSizes, parsePolicies, parseShare, withPriceOptions, type PriceOptions } from "../curve-options.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { seed } from "../option-values.ts";
import type { RunOutputs } from "../run-outputs.ts";

export interface CurveOptions extends IngestOptions, RunOutputs, PriceOptions {
  readonly policy: readonly AskedPolicy[];
  readonly pages: readonly number[];
  readonly sizes: readonly number[];
  readonly sample?: number;
  readonly seed: string;
  readonly shared: boolean;
  readonly json: boolean;
}

export const curveCommand: CliCommand = {
  name: "curve",
  mount(program) {
    const command = withPriceOptions(
      withIngestOptions(
        program
          .command("curve")
          .summary("count misses against memory size: how small can a VM be before it hurts?")
          .description(
            "Pages a trace on demand into memories of many sizes, under victim policies, and counts the misses; for LRU at all sizes in one pass.",
          )
          .argument("<inputs...>", "a trace folder, or captured files of any known format; or several trace folders"),
      )
        .option(
          "--policy <names>",
          "victim policies, separated by commas, with parameters after a colon (tidemark list policies); default: lru,belady, the bound",
          parsePolicies,
          parsePolicies("lru,belady"),
        )
        .option(
          "--pages <numbers>",
          "memory sizes in pages, separated by commas; default: 1 to 100 % of the pages that are accessed",
          parsePageSizes,
          [],
        )
        .option("--sizes <sizes>", "the same as memory, e.g. 64MiB,1GiB", parseMemorySizes, [])
        .option("--sample <share>", "follow only this share of the pages, e.g. 1%, and estimate; a band is given for lru", (text: string) =>
          parseShare(text, "--sample"),
        )
        .option("--seed <number>", "of all chance: the sample, and policies that draw", seed, "1")
        .option("--shared", "also all VMs on one host, competing for its memory; those of several traces are joined by time", false),
    )
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--json", "print misses as JSON", false)
      .addHelpText(
        "after",
        `
Of trace folders, --vm NAME takes that VM alone.

Examples:
  $ tidemark curve web.trace
  $ tidemark curve accesses.csv --policy lru,fifo,clock,belady --pages 10,100,1000,10000 --json
  $ tidemark curve web.trace --sizes 64MiB,128MiB,256MiB --policy lru,slru:segments=2,arc --png charts
  $ tidemark curve db.trace web.trace --shared --sizes 128MiB,256MiB
  $ tidemark curve large.trace --sample 1% --extra 2%`,
      )
      .action(async (inputs: string[], options: CurveOptions) => (await import("../actions/curve.ts")).act(inputs, options));
    withExportOptions(command);
  },
};
