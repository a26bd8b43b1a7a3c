import { resolve } from "node:path";
import { beginFolder, checkFolder, InputError, SWEEP_FILE } from "@tidemark/data";
import { comparisonOf } from "@tidemark/replay";
import type { MergeOptions } from "../commands/merge.ts";
import { say } from "../progress.ts";
import { checkUnlocked } from "../sweep/folder-lock.ts";
import { readSlices } from "../sweep/read-slices.ts";
import { checkShown, showComparison } from "../sweep/show-comparison.ts";
import { casesOfSlice, comparedCases, copyCase, writeSweep } from "../sweep/sweep-folder.ts";
import { fillComparison } from "../sweep/write-comparison.ts";
import { counted } from "../words.ts";

export async function act(folders: string[], options: MergeOptions): Promise<void> {
  const { output } = options;
  await checkShown(options, folders);
  if (folders.some((folder) => resolve(folder) === resolve(output)))
    throw new InputError(`${output}: is a slice that is to be joined, and would be replaced; name another folder`);
  checkUnlocked(output);
  checkFolder(output, SWEEP_FILE);
  const slices = readSlices(folders);
  const [{ sweep }] = slices;
  const merged = beginFolder(output, SWEEP_FILE);
  try {
    for (const slice of slices)
      for (const each of casesOfSlice(slice.sweep.cases, slice.sweep.slice)) copyCase(slice.folder, merged.path, each);
    writeSweep(merged.path, { ...sweep, slice: { index: 1, of: 1 } });
    const cases = await comparedCases(merged.path, sweep.cases, sweep.baseline);
    const run = comparisonOf(cases, sweep.baseline);
    fillComparison(merged.path, run);
    merged.commit();
    const failures = cases.filter(({ failed }) => failed !== "");
    for (const { name, failed } of failures) say(`tidemark: case ${name}: ${failed}`);
    if (failures.length > 0) process.exitCode = 1;
    say(`wrote ${output}: ${counted(cases.length, "case")} of ${counted(slices.length, "slice")}`);
    await showComparison(run, output, options);
  } catch (error) {
    merged.discard();
    throw error;
  }
}
