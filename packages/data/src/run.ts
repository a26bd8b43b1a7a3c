import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileProblem } from "./fail.ts";
import { readManifest } from "./manifest-file.ts";
import { runManifest, type RunManifest } from "./run-manifest.ts";
import type { Table, TableSpec } from "./table.ts";
import { readTable, writeTable } from "./table-arrow.ts";
import { tables as specs } from "./tables.ts";
import { beginFolder } from "./whole-output.ts";

/** What a replay gives: a manifest and tables. On disk: a folder with `run.json` and one Arrow file per table. */
export interface Run {
  readonly manifest: RunManifest;
  readonly tables: readonly Table[];
}

export const RUN_FILE = "run.json";

/** Writes a run folder; it appears whole or not at all. */
export function writeRun(folder: string, run: Run): void {
  const output = beginFolder(folder, RUN_FILE);
  try {
    fillRun(output.path, run);
    output.commit();
  } catch (error) {
    output.discard();
    throw fileProblem(error, folder);
  }
}

/** Writes the files of a run into a folder that is there, `run.json` last. */
export function fillRun(folder: string, run: Run): void {
  for (const table of run.tables) writeTable(join(folder, `${table.spec.name}.arrow`), table);
  writeFileSync(join(folder, RUN_FILE), `${JSON.stringify(run.manifest, null, 2)}\n`);
}

/** Reads a run folder, of its tables those `wanted`. InputError where it is not one, or written by another version. */
export async function readRun(folder: string, wanted: readonly TableSpec[] = specs): Promise<Run> {
  const manifest = readManifest(join(folder, RUN_FILE), runManifest, "replay again");
  const tables: Table[] = [];
  for (const spec of wanted) {
    const file = join(folder, `${spec.name}.arrow`);
    if (existsSync(file)) tables.push(await readTable(file, spec));
  }
  return { manifest, tables };
}
