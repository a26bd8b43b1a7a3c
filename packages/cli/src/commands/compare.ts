import { availableParallelism, tmpdir } from "node:os";
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import {
  beginFolder,
  checkFolder,
  InputError,
  parseSize,
  RUN_FILE,
  scratchFolder,
  SWEEP_FILE,
  type Run,
  type Slice,
  type SweptCase,
} from "@tidemark/data";
import { checkBaseline, comparisonOf, parseVary, type Axis } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import { collect } from "../option-values.ts";
import { printJson, say } from "../progress.ts";
import { comparedRuns } from "../sweep/compared-runs.ts";
import { checkUnlocked, lockFolder } from "../sweep/folder-lock.ts";
import { readCases } from "../sweep/read-cases.ts";
import { runSweep } from "../sweep/run-sweep.ts";
import { checkShown, showComparison, type ShowOptions } from "../sweep/show-comparison.ts";
import { casesOfSlice, comparedCases, removeLeftOvers } from "../sweep/sweep-folder.ts";
import { fillComparison, writeComparison } from "../sweep/write-comparison.ts";
import { isRunFolder } from "../trace-folder.ts";
import { counted } from "../words.ts";

interface CompareOptions extends ShowOptions {
  readonly vary: readonly Axis[];
  readonly set: readonly string[];
  readonly baseline?: string;
  readonly output?: string;
  readonly workers: number;
  readonly shard?: Slice;
  readonly shareLimit: number;
}

/** What finished runs cannot be asked. */
const OF_REPLAYS = ["vary", "set", "workers", "shard", "shareLimit"];

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
        (value: string, before: readonly Axis[]) => [...before, parseVary(value)],
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
      .action(async (inputs: string[], options: CompareOptions) => {
        const { output } = options;
        await checkShown(options);
        if (inputs.some(isRunFolder)) {
          const given = command.options.find(
            (option) => OF_REPLAYS.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === "cli",
          );
          if (given !== undefined)
            throw new InputError(`${given.long ?? given.flags}: finished runs are compared as they are; leave it out`);
          await showComparison(await compareRuns(inputs, options), output, options);
          return;
        }
        const [input, ...more] = inputs;
        if (input === undefined || more.length > 0)
          throw new InputError("several inputs: name one experiment, scenario or trace, or two and more run folders");
        await compareCases(input, options);
      });
    withExportOptions(command);
  },
};

async function compareCases(input: string, options: CompareOptions): Promise<void> {
  const { output, shard = { index: 1, of: 1 }, workers, shareLimit } = options;
  if (output === undefined && options.shard !== undefined) throw new InputError("--shard: give -o, tidemark merge reads it");
  const asked = readCases(input, options.vary, options.set, options.baseline, (problem) => say(`tidemark: ${problem}`));
  const { folder, leave } = output === undefined ? temporaryFolder() : sweepFolder(output);
  try {
    const { swept, failures } = await runSweep(asked, { folder, slice: shard, workers, shareLimit });
    if (failures > 0) process.exitCode = 1;
    if (shard.of > 1) {
      const own = casesOfSlice(swept, shard).length;
      say(
        `wrote ${folder}: slice ${shard.index}/${shard.of}, ${own - failures} of ${counted(own, "case")}; join the slices with tidemark merge`,
      );
      if (options.json) printJson({ schema: 1, folder, slice: shard, cases: own, failed: failures });
      return;
    }
    await compareSwept(folder, swept, asked.baseline, output, options);
  } finally {
    leave();
  }
}

/** Where cases go, and what is to be done in the end. */
interface SweepPlace {
  readonly folder: string;
  leave(): void;
}

function temporaryFolder(): SweepPlace {
  const scratch = scratchFolder(tmpdir(), "tidemark-compare");
  return { folder: scratch.path, leave: () => scratch.discard() };
}

async function compareSwept(
  folder: string,
  swept: readonly SweptCase[],
  baseline: string,
  output: string | undefined,
  options: ShowOptions,
): Promise<void> {
  const run = comparisonOf(await comparedCases(folder, swept, baseline), baseline);
  if (output !== undefined) {
    writeComparison(folder, run);
    say(`wrote ${output}: ${counted(swept.length, "case")}`);
  }
  await showComparison(run, output, options);
}

/** A folder that a sweep may fill or go on in, and no other does; what a killed one left half is gone. */
function sweepFolder(folder: string): SweepPlace {
  checkUnlocked(folder);
  removeLeftOvers(folder);
  checkFolder(folder, SWEEP_FILE);
  return { folder, leave: lockFolder(folder) };
}

async function compareRuns(inputs: readonly string[], { baseline, output }: CompareOptions): Promise<Run> {
  const other = inputs.find((input) => !isRunFolder(input));
  if (other !== undefined) throw new InputError(`${other}: is not a run folder, and the others are; tidemark replay makes runs`);
  if (inputs.length < 2) throw new InputError(`${inputs.join()}: one run; name others to compare it with`);
  if (output !== undefined) {
    if (inputs.some((input) => resolve(input) === resolve(output)))
      throw new InputError(`${output}: is what is to be compared, and would be replaced; name another folder`);
    checkFolder(output, RUN_FILE);
  }
  const cases = await comparedRuns(inputs);
  const base = baseline ?? cases[0]?.name ?? "";
  checkBaseline(base, cases, "--baseline");
  const run = comparisonOf(cases, base);
  if (output === undefined) return run;
  const folder = beginFolder(output, RUN_FILE);
  try {
    fillComparison(folder.path, run);
    folder.commit();
  } catch (error) {
    folder.discard();
    throw error;
  }
  say(`wrote ${output}: ${counted(cases.length, "run")} compared`);
  return run;
}

function workerCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("write a whole number from 1");
}

function parseSlice(text: string): Slice {
  const [, index = NaN, of = NaN] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError("write I/N with I from 1 to N, for example 2/4");
}
