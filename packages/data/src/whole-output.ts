import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  type BigIntStats,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileProblem, InputError } from "./fail.ts";
import { statPath } from "./stat-path.ts";

/** Marks a folder of compared cases. */
export const SWEEP_FILE = "sweep.json";

/** Outputs begun and not yet finished, with the first of the folders made for each; an interrupted command removes them (`discardUnfinished`). */
const unfinished = new Map<string, string | undefined>();

/** Removes every half-written output. For the signal handler of the command; safe to call at any time. */
export function discardUnfinished(): void {
  for (const path of unfinished.keys()) discard(path);
}

/** Removes one, and the folders that were made for it and have nothing else in them. */
function discard(path: string): void {
  const first = unfinished.get(path);
  unfinished.delete(path);
  try {
    // What a child still writes there while it is killed needs another try.
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch {
    // Nothing can be there. What led here is the error to report.
  }
  if (first !== undefined) unmakeFolders(first, dirname(path));
}

/** Removes the folders from `last` up to `first`, as far as nothing is in them. */
function unmakeFolders(first: string, last: string): void {
  try {
    for (let folder = last; folder.startsWith(first); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Others write there, too.
  }
}

/** Where `target` is written until it is whole: beside it, so that a rename is enough. */
function partOf(target: string): string {
  const path = resolve(target);
  return join(dirname(path), `.${basename(path)}.${process.pid}.part`);
}

/** A folder written under a temporary name beside its final one and renamed when whole. */
export interface WholeFolder {
  /** Write the files here. */
  readonly path: string;
  commit(): void;
  discard(): void;
}

/**
 * Refuses, before the work that would fill it, a folder that could not be written; with a `marker` also one that
 * `beginFolder` would not take.
 */
export function checkFolder(target: string, marker?: string): void {
  const existing = statPath(target);
  if (existing !== undefined && !existing.isDirectory())
    throw new InputError(`${target}: is a file; name a folder that does not exist yet`);
  if (existing !== undefined && marker !== undefined) {
    const inside = list(target);
    if (inside.length > 0 && !inside.includes(marker))
      throw new InputError(`${target}: is a folder with other files in it; name one that does not exist yet`);
    // A comparison is read like a run, and is not replaced by one.
    if (marker !== SWEEP_FILE && inside.includes(SWEEP_FILE))
      throw new InputError(`${target}: has the runs of a comparison in it, which would be lost; name another folder`);
  }
  checkParent(target, target);
}

/** Refuses, before the work that would fill it, a file that `writeWhole` could not write, or that is part of `inputs` and would be lost. */
export function checkFile(target: string, inputs: readonly string[]): void {
  const existing = statPath(target);
  if (existing?.isDirectory() === true) throw new InputError(`${target}: is a folder, not a file`);
  if (existing?.isFile() === true && inputs.some((input) => isPartOf(target, existing, input)))
    throw new InputError(`${target}: is read, and would be lost; name another file`);
  checkParent(target, target);
}

/** Whether a file is an input, or one of the files that make the folder of an input a trace or a run. */
function isPartOf(path: string, file: BigIntStats, input: string): boolean {
  const read = statPath(input);
  if (read?.isDirectory() === true) return /\.(arrow|json)$/.test(path) && dirname(realpathSync(path)) === realpathSync(input);
  return read?.ino === file.ino && read.dev === file.dev;
}

/** The nearest folder above `path` that exists has to let us write into it. */
function checkParent(path: string, target: string): void {
  const folder = dirname(resolve(path));
  const existing = statPath(folder);
  if (existing === undefined) return checkParent(folder, target);
  if (!existing.isDirectory()) throw new InputError(`${target}: a part of the path is not a folder`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw fileProblem(error, target);
  }
}

/**
 * Begins the folder `target`. `marker` is the file that says that an existing folder is one of ours: then it is replaced
 * at `commit`, otherwise only an empty or absent folder is taken.
 */
export function beginFolder(target: string, marker: string): WholeFolder {
  checkFolder(target, marker);
  const existing = statPath(target);
  const path = partOf(target);
  try {
    unfinished.set(path, makeFolders(dirname(path)));
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  } catch (error) {
    discard(path);
    throw fileProblem(error, target);
  }
  return {
    path,
    commit() {
      const replaced = `${path}.replaced`;
      try {
        if (existing !== undefined) renameSync(target, replaced);
        try {
          renameSync(path, target);
        } catch (error) {
          if (existing !== undefined) renameSync(replaced, target);
          throw error;
        }
        rmSync(replaced, { recursive: true, force: true });
      } catch (error) {
        throw fileProblem(error, target);
      }
      unfinished.delete(path);
    },
    discard: () => discard(path),
  };
}

/** Writes a file under a temporary name and renames it: there is never half a file at `target`, unless it is a device or a pipe. */
export function writeWhole(target: string, content: string | Uint8Array): void {
  const existing = statPath(target);
  // A link stays a link, and a pipe or /dev/null is written to, never replaced.
  const isPlain = existing === undefined || existing.isFile() || existing.isDirectory();
  const file = existing !== undefined && isPlain ? realpathSync(target) : target;
  const path = isPlain ? partOf(file) : file;
  try {
    if (isPlain) unfinished.set(path, makeFolders(dirname(path)));
    writeFileSync(path, content);
    if (isPlain) renameSync(path, file);
    unfinished.delete(path);
  } catch (error) {
    if (isPlain) discard(path);
    throw fileProblem(error, target);
  }
}

let scratchFolders = 0;

/** A temporary folder that `discardUnfinished` and `discard` remove. */
export function scratchFolder(parent: string, name: string): { readonly path: string; discard(): void } {
  const path = join(parent, `${name}.${process.pid}.${scratchFolders++}`);
  try {
    rmSync(path, { recursive: true, force: true });
    unfinished.set(path, makeFolders(dirname(path)));
    mkdirSync(path);
  } catch (error) {
    discard(path);
    throw fileProblem(error, path);
  }
  return { path, discard: () => discard(path) };
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** mkdir -p. Node's own never returns where a file system (/proc) says ENOENT to every name. Gives the first folder made; undefined: all were there. */
export function makeFolders(path: string): string | undefined {
  try {
    mkdirSync(path);
    return path;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statPath(path)?.isDirectory() === true) return undefined;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path || statPath(parent)?.isDirectory() === true) throw error;
    const first = makeFolders(parent);
    try {
      mkdirSync(path);
    } catch (failed) {
      if (first !== undefined) unmakeFolders(first, parent);
      throw failed;
    }
    return first ?? path;
  }
}
