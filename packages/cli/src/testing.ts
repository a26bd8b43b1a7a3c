import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** The built executable: `pnpm test` builds before it tests. */
const EXECUTABLE = join(here, "../dist/main.js");

/** A file of the bundled traces. */
export const bundled = (name: string): string => join(here, "../../../traces", name);

/** All files of a bundled capture, accesses first. */
export const ALLOC = ["full-10ms.csv", "kmem.csv", "pages.csv", "meminfo.txt", "events.csv"].map((file) =>
  bundled(`alloc-4k/alloc-4k.${file}.gz`),
);
export const PAGECACHE = ["full-10ms.csv", "kmem.csv", "pages.csv", "meminfo.txt", "events.csv"].map((file) =>
  bundled(`pagecache/pagecache.${file}.gz`),
);
export const LONG_CACHE = ["full-1s.csv", "kmem.csv", "pages.csv", "meminfo.txt"].map((file) =>
  bundled(`long-cache/long-cache.${file}.gz`),
);
export const FORK = ["strict-data.csv", "strict4M.events.csv"].map((file) => bundled(`fork/fork.${file}.gz`));

/** What a command left behind. A signal's end is a code of 128 + its number, as a shell has it. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  /** Without the lines that tell how far it is, which come on a machine that is busy enough. */
  readonly stderr: string;
}

const PROGRESS = /^.*: \d+ %(?:, \d+ s left)?\n/gm;

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
  readonly uid?: number;
  /** Called with the process once it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs the command with these arguments. */
export const tidemark = (args: readonly string[], surroundings: Surroundings = {}): Promise<Finished> =>
  run(process.execPath, [EXECUTABLE, ...args], surroundings);

/** Runs a line of shell in which `$TIDEMARK` is the command. */
export const shell = (line: string, surroundings: Surroundings = {}): Promise<Finished> =>
  run("bash", ["-c", line], { ...surroundings, env: { ...surroundings.env, TIDEMARK: `${process.execPath} ${EXECUTABLE}` } });

function run(file: string, args: readonly string[], { cwd, env, uid, started }: Surroundings): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      ...(uid === undefined ? {} : { uid, gid: uid }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === null) reject(new Error(`the command was ended by ${signal}`));
      else resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString().replaceAll(PROGRESS, "") });
    });
    started?.(child);
  });
}

/** The environment in which the command runs this module before its own. */
export const preloading = (module: string): { readonly NODE_OPTIONS: string } => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}`,
});

/**
 * The environment in which the command sends itself a signal when a function of `node:fs` has been called so many times: always at the same
 * place of its work, however busy the machine is.
 */
export const signalling = (signal: NodeJS.Signals, name: "renameSync" | "writeSync" | "promises.open", calls: number) =>
  preloading(`import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";
const module = ${name.includes(".") ? "fs.promises" : "fs"}, name = "${name.replace("promises.", "")}", called = module[name];
let calls = 0;
if (isMainThread) module[name] = (...args) => {
  const result = called(...args);
  if (++calls === ${calls}) process.kill(process.pid, "${signal}");
  return result;
};
syncBuiltinESMExports();`);

/** A temporary folder; the caller removes it (`using` a hook of the test). */
export function temporary(): { readonly path: string; file(name: string, content: string | Uint8Array): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tidemark-cli-"));
  return {
    path,
    file(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Every file below a folder, by its path there, with its bytes. Compare `digestsIn`: runners compare bytes one by one. */
export function filesIn(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(name, readFileSync(path));
  }
  return files;
}

/** Every file below a folder with the SHA-256 of its bytes. */
export const digestsIn = (folder: string): Map<string, string> =>
  new Map([...filesIn(folder)].map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")]));

/** The lines of stderr that complain; progress and summaries are not among them. */
export const complaints = (stderr: string): readonly string[] => stderr.split("\n").filter((line) => line.startsWith("tidemark: "));
