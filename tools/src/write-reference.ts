import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reference } from "./reference.ts";

// `pnpm reference`: writes docs/reference.
const folder = fileURLToPath(new URL("../../docs/reference", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, text] of reference()) writeFileSync(join(folder, name), text);
