import { execFileSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { openTrace } from "@tidemark/data";
import { compileC } from "./compile-c.ts";
import type { Measured } from "./measured.ts";

/** What `bench/misses.c` reads: the PPN of every row of a trace of one VM, as u32 in this machine's byte order. */
export async function writePpns(folder: string, path: string): Promise<void> {
  const file = openSync(path, "w");
  for await (const { length, ppn } of openTrace(folder).touches()) writeSync(file, ppn.subarray(0, length));
  closeSync(file);
}

/** Compiles `bench/misses.c`: see compileC. */
export const compileMisses = (folder: string): string | undefined => compileC("misses", folder);

/** Runs it on what `writePpns` wrote. */
export const runMisses = (program: string, ppns: string, policy: string, pageCount: number, capacity: number): Measured =>
  JSON.parse(execFileSync(program, [ppns, policy, String(pageCount), String(capacity)], { encoding: "utf8" })) as Measured; // our own program's output
