import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measured.ts";

const SOURCE = fileURLToPath(new URL("../bench/nested.c", import.meta.url));

/** Compiles `bench/nested.c` into a folder. Where it lies; undefined without a C compiler. */
export function compileNested(folder: string): string | undefined {
  if (spawnSync("cc", ["--version"]).status !== 0) return undefined;
  const program = join(folder, "nested");
  execFileSync("cc", ["-O2", "-o", program, SOURCE]);
  return program;
}

/** Runs it on what `writeFlat` wrote. */
export const runNested = (program: string, flat: string, configuredPages: number): Measured =>
  JSON.parse(execFileSync(program, [flat, String(configuredPages)], { encoding: "utf8" })) as Measured; // our own program's output
