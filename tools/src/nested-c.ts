import { execFileSync } from "node:child_process";
import { compileC } from "./compile-c.ts";
import type { Measured } from "./measured.ts";

/** Compiles `bench/nested.c`: see compileC. */
export const compileNested = (folder: string): string | undefined => compileC("nested", folder);

/** Runs it on what `writeFlat` wrote. */
export const runNested = (program: string, flat: string, configuredPages: number): Measured =>
  JSON.parse(execFileSync(program, [flat, String(configuredPages)], { encoding: "utf8" })) as Measured; // our own program's output
