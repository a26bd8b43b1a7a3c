import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cloneLike, gallery } from "./gallery.ts";

// `pnpm gallery`: draws docs/gallery anew.
const folder = fileURLToPath(new URL("../../docs/gallery/", import.meta.url));
const clone = cloneLike();
try {
  const files = await gallery(clone);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of files) writeFileSync(`${folder}${name}`, content);
} finally {
  clone.remove();
}
