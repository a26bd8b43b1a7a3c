import { InputError, type Run } from "@tidemark/data/shapes";
import type { Command } from "commander";
import { EXPORT_OPTIONS } from "./export-options.ts";
import { MEASURED_OPTIONS } from "./measured-options.ts";
import { isRunFolder, readRunFolder } from "./trace-folder.ts";

/** What can be asked of a run that is there already; the other options of explain are about reading and replaying. */
const OF_A_RUN: readonly string[] = ["output", "json", ...EXPORT_OPTIONS, ...MEASURED_OPTIONS];

/** The run that explain was given in place of a trace; undefined where it was given none. */
export async function givenRun(inputs: readonly string[], command: Command): Promise<Run | undefined> {
  const folder = inputs.find(isRunFolder);
  if (folder === undefined) return undefined;
  if (inputs.length > 1) throw new InputError(`${folder}: is a run already; explain it alone`);
  const given = command.options.find(
    (option) => !OF_A_RUN.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (given !== undefined)
    throw new InputError(
      `${given.long ?? given.flags}: ${folder} has been replayed already; replay it anew (tidemark replay), or explain the trace`,
    );
  const run = await readRunFolder(folder);
  if (!run.tables.some(({ spec }) => spec.name === "timeline"))
    throw new InputError(`${folder}: is of tidemark translate, curve or compare, which have no ledger; tidemark report draws it`);
  return run;
}
