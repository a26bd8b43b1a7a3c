import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@tidemark/data";
import { buildNotebook } from "./build-notebook.ts";

// `pnpm notebooks [NAME…]`: builds the notebooks of this folder, or those named, into out/.
const folder = fileURLToPath(new URL("..", import.meta.url));
const out = join(folder, "out");
const known = readdirSync(folder)
  .filter((file) => file.endsWith(".html") && file !== "template.html")
  .map((file) => file.replace(/\.html$/, ""));

try {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InputError(`${unknown}: no such notebook; known: ${known.join(", ")}`);
  // Runs of an earlier build would be gone on with.
  rmSync(join(out, "runs"), { recursive: true, force: true });
  mkdirSync(join(out, "runs"), { recursive: true });
  for (const name of names.length === 0 ? known : names) {
    await buildNotebook(join(folder, `${name}.html`), out);
    process.stderr.write(`notebooks/out/${name}.html: ${(statSync(join(out, `${name}.html`)).size / 1e6).toFixed(1)} MB\n`);
  }
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`notebooks: ${error.message}\n`);
  process.exitCode = 2;
}
