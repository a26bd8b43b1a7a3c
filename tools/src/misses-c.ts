import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTrace } from "@tidemark/data";
import type { Measured } from "./measured.ts";

const SOURCE = fileURLToPath(new URL("../bench/misses.c", import.meta.url));

/** What `bench/misses.c` reads: the PPN of every row of a trace of one VM, as u32 in this machine's byte order. */
export async function writePpns(folder: string, path: string): Promise<void> {
  const file = openSync(path, "w");
  for await (const { length, ppn } of openTrace(folder).touches()) writeSync(file, ppn.subarray(0, length));
  closeSync(file);
}

/** Compiles `bench/misses.c` into a folder. Where it lies; undefined without a C compiler. */
export function compileMisses(folder: string): string | undefined {
  if (spawnSync("cc", ["--version"]).status !== 0) return undefined;
  const program = join(folder, "misses");
  execFileSync("cc", ["-O2", "-o", program, SOURCE]);
  return program;
}

/** Runs it on what `writePpns` wrote. */
export const runMisses = (program: string, ppns: string, policy: string, pageCount: number, capacity: number): Measured =>
  JSON.parse(execFileSync(program, [ppns, policy, String(pageCount), String(capacity)], { encoding: "utf8" })) as Measured; // our own program's output
