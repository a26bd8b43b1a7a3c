// Compiles the files beside it and writes each, as text, to a file in src.
import { writeFileSync } from "node:fs";
import { compileWasm } from "../../../tools/wasm/compile.mjs";

/** File here → name of the constant in src/FILE-wasm.ts. */
export const modules = { "scan-rows": "SCAN_ROWS_WASM", "lackey-lines": "LACKEY_LINES_WASM" };

export const compile = (file) => compileWasm(new URL(`${file}.ts`, import.meta.url), modules[file], ["--initialMemory", "1"]);

if (process.argv[1] === new URL(import.meta.url).pathname)
  for (const file of Object.keys(modules)) writeFileSync(new URL(`../src/${file}-wasm.ts`, import.meta.url), await compile(file));
