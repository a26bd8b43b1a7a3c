// Compiles scan-rows.ts with AssemblyScript and writes it, as text, to src/scan-rows-wasm.ts.
import { readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const SOURCE = new URL("scan-rows.ts", import.meta.url);
const TARGET = new URL("../src/scan-rows-wasm.ts", import.meta.url);

export async function compile() {
  const source = readFileSync(SOURCE, "utf8").replaceAll("//@inline\n", "@inline\n");
  let binary;
  const { error, stderr } = await asc.main(
    [
      "scan-rows.ts",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--noAssert",
      "-O3",
      "--importMemory",
      "--initialMemory",
      "1",
      "-o",
      "out.wasm",
    ],
    {
      readFile: (name) => (name === "scan-rows.ts" ? source : null),
      writeFile: (name, contents) => {
        if (name === "out.wasm") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const lines = Buffer.from(binary)
    .toString("base64")
    .match(/.{1,120}/g);
  return `/** wasm/scan-rows.ts, compiled by wasm/build.mjs; base64. */\nexport const SCAN_ROWS_WASM = [\n${lines.map((line) => `  "${line}",\n`).join("")}].join("");\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, await compile());
