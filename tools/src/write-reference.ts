import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { reference } from "./reference.ts";

// `pnpm reference`: writes the generated parts of docs.
const docs = fileURLToPath(new URL("../../docs", import.meta.url));
for (const [name, text] of reference()) {
  mkdirSync(dirname(join(docs, name)), { recursive: true });
  writeFileSync(join(docs, name), text);
}
