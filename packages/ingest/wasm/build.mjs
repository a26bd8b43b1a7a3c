// Compiles scan-rows.ts and writes it, as text, to src/scan-rows-wasm.ts.
import { writeFileSync } from "node:fs";
import { compileWasm } from "../../../tools/wasm/compile.mjs";

const SOURCE = new URL("scan-rows.ts", import.meta.url);
const TARGET = new URL("../src/scan-rows-wasm.ts", import.meta.url);

export const compile = () => compileWasm(SOURCE, "SCAN_ROWS_WASM", ["--initialMemory", "1"]);

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, await compile());
