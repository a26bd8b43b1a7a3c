// Compiles translate-rows.ts and writes it, as text, to src/translation/translate-rows-wasm.ts.
import { writeFileSync } from "node:fs";
import { compileWasm } from "../../../tools/wasm/compile.mjs";

const SOURCE = new URL("translate-rows.ts", import.meta.url);
const TARGET = new URL("../src/translation/translate-rows-wasm.ts", import.meta.url);
const SHARED = ["--enable", "threads", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"];

export const compile = () => compileWasm(SOURCE, "TRANSLATE_ROWS_WASM", SHARED);

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, await compile());
