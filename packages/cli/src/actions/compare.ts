import { tmpdir } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { beginFolder, checkFolder, InputError, RUN_FILE, scratchFolder, SWEEP_FILE, type Run, type SweptCase } from "@tidemark/data";
import { checkBaseline, comparisonOf, parseVary, severalVersions, type Axis } from "@tidemark/replay";
import type { CompareOptions } from "../commands/compare.ts";
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

/** What finished runs cannot be asked. */
const OF_REPLAYS = ["vary", "set", "workers", "shard", "shareLimit"];

export async function act(inputs: string[], options: CompareOptions, command: Command): Promise<void> {
  const { output } = options;
  const vary = options.vary.map(parseVary);
  await checkShown(options, inputs);
  if (inputs.some(isRunFolder)) {
    const given = command.options.find(
      (option) => OF_REPLAYS.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === "cli",
    );
    if (given !== undefined) throw new InputError(`${given.long ?? given.flags}: finished runs are compared as they are; leave it out`);
    await showComparison(await compareRuns(inputs, options), output, options);
    return;
  }
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0)
    throw new InputError("several inputs: name one experiment, scenario or trace, or two and more run folders");
  await compareCases(input, vary, options);
}

async function compareCases(input: string, vary: readonly Axis[], options: CompareOptions): Promise<void> {
  const { output, shard = { index: 1, of: 1 }, workers, shareLimit } = options;
  if (output === undefined && options.shard !== undefined) throw new InputError("--shard: give -o, tidemark merge reads it");
  const asked = readCases(input, vary, options.set, options.baseline, (problem) => say(`tidemark: ${problem}`));
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
  for (const note of severalVersions(cases)) say(note);
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
