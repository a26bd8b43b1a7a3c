// Compiles count-misses.ts and writes it, as text, to src/curve/count-misses-wasm.ts.
import { writeFileSync } from "node:fs";
import { compileWasm } from "../../../tools/wasm/compile.mjs";

const SOURCE = new URL("count-misses.ts", import.meta.url);
const TARGET = new URL("../src/curve/count-misses-wasm.ts", import.meta.url);

export const compile = () => compileWasm(SOURCE, "COUNT_MISSES_WASM", ["--initialMemory", "1"]);

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, await compile());
