import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiles `bench/NAME.c` into a folder. Where it lies; undefined without a C compiler. */
export function compileC(name: string, folder: string): string | undefined {
  if (spawnSync("cc", ["--version"]).status !== 0) return undefined;
  const program = join(folder, name);
  execFileSync("cc", ["-O2", "-o", program, fileURLToPath(new URL(`../bench/${name}.c`, import.meta.url))]);
  return program;
}
