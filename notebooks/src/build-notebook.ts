import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { toCell, type Notebook } from "@observablehq/notebook-kit";
import { observable } from "@observablehq/notebook-kit/vite";
import { build, type Plugin } from "vite";
import { runNodeCell } from "./node-cell.ts";
import { offline } from "./offline.ts";
import { singleFile } from "./single-file.ts";

const TEMPLATE = fileURLToPath(new URL("../template.html", import.meta.url));
/** What the template and the kit name: our style, and the kit's parts by the names under which it exports them. */
const ALIASES = [
  { find: /^tidemark:notebook\.css$/, replacement: fileURLToPath(new URL("../notebook.css", import.meta.url)) },
  { find: /^observable:runtime$/, replacement: "@observablehq/notebook-kit/runtime" },
  { find: /^observable:styles\//, replacement: "@observablehq/notebook-kit/" },
];
/** Names of modules that hold what node cells printed. */
const PRINTED = "node-cell:";
/** Above the ids of the notebook's own cells. */
const CODE_ID = 10_000;

/** Builds one notebook into one self-contained page, `OUT/NAME.html`; its node cells run now, in the notebook's folder. */
export async function buildNotebook(path: string, out: string): Promise<void> {
  const printed = new Map<string, string>();
  let problem: unknown;
  const run = async (notebook: Notebook): Promise<Notebook> => {
    try {
      return await withCellsRun(notebook, path, printed);
    } catch (error) {
      problem = error;
      throw error;
    }
  };
  try {
    await build({
      configFile: false,
      root: dirname(path),
      base: "./",
      logLevel: "warn",
      resolve: { alias: ALIASES },
      plugins: [offline, printedCells(printed), observable({ template: TEMPLATE, transformNotebook: run }), singleFile],
      build: {
        outDir: out,
        emptyOutDir: false,
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        chunkSizeWarningLimit: 5_000,
        modulePreload: false,
        rolldownOptions: { input: path, output: { codeSplitting: false }, checks: { bundlerTimings: false } },
      },
    });
  } catch (error) {
    // Vite wraps what a plug-in throws in words and a stack of its own.
    throw problem ?? error;
  }
}

/** The notebook, in which every node cell has become its code, to be read, and the import of what it printed. */
async function withCellsRun(notebook: Notebook, path: string, printed: Map<string, string>): Promise<Notebook> {
  const cells: Notebook["cells"] = [];
  for (const cell of notebook.cells) {
    if (cell.mode !== "node") {
      cells.push(cell);
      continue;
    }
    const { id, value, pinned, output = `cell${id}` } = cell;
    const name = `${PRINTED}${id}`;
    printed.set(name, await runNodeCell(value, dirname(path), `${basename(path)}, cell ${output}`));
    const shown = `\`\`\`js\n${value.replaceAll("${", "$\\{")}\n\`\`\``;
    if (pinned) cells.push(toCell({ id: CODE_ID + id, mode: "md", value: shown }));
    cells.push(toCell({ id, mode: "js", value: `import ${output} from "${name}";`, pinned: false }));
  }
  return { ...notebook, cells };
}

const printedCells = (printed: ReadonlyMap<string, string>): Plugin => ({
  name: "tidemark:node-cells",
  resolveId: (id) => (id.startsWith(PRINTED) ? `\0${id}` : undefined),
  load(id) {
    const text = printed.get(id.slice(1));
    return text === undefined ? undefined : `export default JSON.parse(${JSON.stringify(text)});`;
  },
});
