import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, MANIFEST_FILE, openTrace, readRun, RUN_FILE, statPath, type Run, type Trace } from "@tidemark/data";

export const isTraceFolder = (path: string): boolean => existsSync(join(path, MANIFEST_FILE));
export const isRunFolder = (path: string): boolean => existsSync(join(path, RUN_FILE));

/** Opens a trace folder; where `path` is something else, says what makes a trace of it. */
export function openTraceFolder(path: string): Trace {
  if (isTraceFolder(path)) return openTrace(path);
  if (!existsSync(path)) throw new InputError(`${path}: no such file or folder`);
  if (isRunFolder(path)) throw new InputError(`${path}: is a run, not a trace; name the trace it was made of`);
  if (statPath(path)?.isDirectory() === true) throw new InputError(`${path}: is a folder without ${MANIFEST_FILE}, so not a trace`);
  throw new InputError(`${path}: is not a trace folder; make one with: tidemark ingest ${path} -o NAME.trace`);
}

/** Reads a run folder; where `path` is something else, says what makes a run of it. */
export async function readRunFolder(path: string): Promise<Run> {
  if (isRunFolder(path)) return await readRun(path);
  if (!existsSync(path)) throw new InputError(`${path}: no such file or folder`);
  if (isTraceFolder(path)) throw new InputError(`${path}: is a trace, not a run; make one with: tidemark replay ${path} -o RUN`);
  if (statPath(path)?.isDirectory() === true) throw new InputError(`${path}: is a folder without ${RUN_FILE}, so not a run`);
  throw new InputError(`${path}: is a file, not a run folder; tidemark explain and tidemark replay write runs`);
}
