import { basename, resolve } from "node:path";
import { InputError, readRun, type RunManifest } from "@tidemark/data";
import { FIGURE_TABLES, figuresOf, type ComparedCase } from "@tidemark/replay";

/** Finished runs as cases: called by their folders, with the values in which their scenarios differ. */
export async function comparedRuns(folders: readonly string[]): Promise<readonly ComparedCase[]> {
  const short = folders.map((folder) => basename(resolve(folder)));
  const isClear = new Set(short).size === short.length;
  const twice = folders.find((folder, i) => folders.indexOf(folder) < i);
  if (twice !== undefined) throw new InputError(`${twice}: is named twice`);
  const runs = [];
  for (const [i, folder] of folders.entries()) {
    const { manifest, tables } = await readRun(folder, FIGURE_TABLES);
    const figures = figuresOf({ manifest, tables });
    if (figures === undefined)
      throw new InputError(`${folder}: has no samples of memory to compare; tidemark replay writes runs that have`);
    runs.push({ name: isClear ? short[i] : folder, manifest, figures, failed: "" });
  }
  const values = runs.map(({ manifest }) => leavesOf(manifest));
  const paths = [...new Set(values.flatMap((leaves) => [...leaves.keys()]))];
  const differing = paths.filter((path) => new Set(values.map((leaves) => leaves.get(path))).size > 1);
  return runs.map((run, r) => ({
    ...run,
    parameters: differing.flatMap((path) => {
      const text = values[r]?.get(path);
      return text === undefined ? [] : [{ path, text }];
    }),
  }));
}

/** Every value of a run's scenario by its path, as text. */
function leavesOf({ scenario }: RunManifest): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) leaves.set(path, String(value));
    else for (const [key, each] of Object.entries(value)) visit(each, path === "" ? key : `${path}.${key}`);
  };
  visit(scenario, "");
  return leaves;
}
