// Compiles AssemblyScript (https://www.assemblyscript.org) into a TypeScript module that has it as base64 text.
// A comment that begins with //@ is made a decorator before it is compiled: TypeScript knows none on functions.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** Text of a file beside `source` as the compiler is to have it; null where there is none. */
function textOf(file, source) {
  const path = new URL(file, source);
  return existsSync(path) ? readFileSync(path, "utf8").replaceAll(/^\/\/@/gm, "@") : null;
}

/** `source`: URL of the file. `name`: of the constant. `flags`: for the compiler, beside those that all need. Returns the text of the module. */
export async function compileWasm(source, name, flags) {
  const file = basename(fileURLToPath(source));
  let binary;
  const { error, stderr } = await asc.main(
    [file, "--runtime", "stub", "--enable", "simd", "--noAssert", "-O3", "--importMemory", ...flags, "-o", "out.wasm"],
    {
      readFile: (wanted) => textOf(wanted, source),
      writeFile: (wanted, contents) => {
        if (wanted === "out.wasm") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const lines = Buffer.from(binary)
    .toString("base64")
    .match(/.{1,120}/g);
  return `/** wasm/${file}, compiled by wasm/build.mjs; base64. */\nexport const ${name} = [\n${lines.map((line) => `  "${line}",\n`).join("")}].join("");\n`;
}
