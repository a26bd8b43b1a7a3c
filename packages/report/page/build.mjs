// Bundles src/browser into page.js, the page's script: readable, one file, nothing in it that the page does not use.
import { writeFileSync } from "node:fs";
import { rolldown } from "rolldown";

const SOURCE = new URL("../src/browser/main.ts", import.meta.url);
const TARGET = new URL("page.js", import.meta.url);

export async function bundled() {
  const bundle = await rolldown({
    input: SOURCE.pathname,
    platform: "browser",
    resolve: { conditionNames: ["source", "import", "default"] },
    // What only Node has is never used by the page, and left out with its importers.
    external: (id) => !/^[./]|^@tidemark\//.test(id),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, manualPureFunctions: ["tableSpec", "chart"] },
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm", minify: false });
  await bundle.close();
  const [{ code }] = output;
  return `// Made by packages/report/page/build.mjs from packages/report/src/browser.\n${code.replaceAll(/^\/\/#(?:end)?region.*\n/gm, "")}`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(TARGET, await bundled());
