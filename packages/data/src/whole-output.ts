import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileProblem, InputError } from "./fail.ts";

/** Outputs begun and not yet finished; an interrupted command removes them (`discardUnfinished`). */
const unfinished = new Set<string>();

/** Removes every half-written output. For the signal handler of the command; safe to call at any time. */
export function discardUnfinished(): void {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
  unfinished.clear();
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
 * Begins the folder `target`. `marker` is the file that says that an existing folder is one of ours: then it is replaced
 * at `commit`, otherwise only an empty or absent folder is taken.
 */
export function beginFolder(target: string, marker: string): WholeFolder {
  const existing = statOrUndefined(target);
  if (existing !== undefined && !existing.isDirectory())
    throw new InputError(`${target}: is a file; name a folder that does not exist yet`);
  if (existing !== undefined) {
    const inside = list(target);
    if (inside.length > 0 && !inside.includes(marker))
      throw new InputError(`${target}: is a folder with other files in it; name one that does not exist yet`);
  }
  const path = partOf(target);
  try {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  } catch (error) {
    throw fileProblem(error, target);
  }
  unfinished.add(path);
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
    discard() {
      rmSync(path, { recursive: true, force: true });
      unfinished.delete(path);
    },
  };
}

/** Writes a file under a temporary name and renames it: there is never half a file at `target`. */
export function writeWhole(target: string, content: string | Uint8Array): void {
  const path = partOf(target);
  unfinished.add(path);
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(path, content);
    renameSync(path, target);
  } catch (error) {
    rmSync(path, { force: true });
    throw fileProblem(error, target);
  } finally {
    unfinished.delete(path);
  }
}

let scratchFolders = 0;

/** A temporary folder that `discardUnfinished` and `discard` remove. */
export function scratchFolder(parent: string, name: string): { readonly path: string; discard(): void } {
  const path = join(parent, `${name}.${process.pid}.${scratchFolders++}`);
  try {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileProblem(error, path);
  }
  unfinished.add(path);
  return {
    path,
    discard() {
      rmSync(path, { recursive: true, force: true });
      unfinished.delete(path);
    },
  };
}

function statOrUndefined(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw fileProblem(error, path);
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw fileProblem(error, path);
  }
}
