import { availableParallelism } from "node:os";
import { parseSize, type Slice } from "@tidemark/data/shapes";
import { InvalidArgumentError, type Command } from "commander";
import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import { collect } from "../option-values.ts";
import type { ShowOptions } from "../sweep/show-comparison.ts";

export interface CompareOptions extends ShowOptions {
  /** Unchecked. */
  readonly vary: readonly string[];
  readonly set: readonly string[];
  readonly baseline?: string;
  readonly output?: string;
  readonly workers: number;
  readonly shard?: Slice;
  readonly shareLimit: number;
}

export const compareCommand: CliCommand = {
  name: "compare",
  mount(program) {
    const command = program
      .command("compare")
      .summary("replay alternatives side by side: what does each save, and what does it cost whom?")
      .description(
        "Replays the cases of an experiment file, or those that --vary makes of a scenario or a trace, on all cores, and compares each with the baseline, VM by VM. Or compares finished runs.",
      )
      .argument("<inputs...>", "an experiment file, a scenario file or a trace folder; or two and more run folders")
      .option(
        "--vary <path=values>",
        "values of the scenario, separated by commas, e.g. host.memory=256MiB,192MiB; repeatable: every combination is a case",
        collect,
        [],
      )
      .option("--set <path=value>", "override a value in all cases, e.g. window=1s; repeatable", collect, [])
      .option("--baseline <case>", "the case that the others are compared with; default: the experiment's, else the first")
      .option("-o, --output <folder>", "write the comparison, and the run of every case; the same again goes on where it was stopped")
      .option("--workers <number>", "cases to replay at the same time; default: one per core", workerCount, availableParallelism())
      .option("--shard <I/N>", "replay only slice I of N, for one of several machines; tidemark merge joins them", parseSlice)
      .option(
        "--share-limit <size>",
        "traces that take up to so much memory are read once for all workers; default: 1GiB",
        (text: string) => parseSize(text, "--share-limit"),
        2 ** 30,
      )
      .option("--page <report.html>", "write the report page")
      .option("--json", "print the comparison as JSON", false)
      .addHelpText(
        "after",
        `
Exit code 1: a case failed; it is named, and the others are compared.

Examples:
  $ tidemark compare web.trace --set sample=1s --vary host.memory=256MiB,192MiB,128MiB --vary swap.policy=random,lru
  $ tidemark compare scenario.yaml --vary balloon=on,off --baseline balloon=on -o comparison --page comparison.html
  $ tidemark compare experiment.yaml --shard 2/4 -o slice-2
  $ tidemark compare run-a run-b --json`,
      )
      .action(async (inputs: string[], options: CompareOptions, self: Command) =>
        (await import("../actions/compare.ts")).act(inputs, options, self),
      );
    withExportOptions(command);
  },
};

function workerCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("write a whole number from 1");
}

function parseSlice(text: string): Slice {
  const [, index = NaN, of = NaN] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError("write I/N with I from 1 to N, for example 2/4");
}
