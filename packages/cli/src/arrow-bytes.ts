import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scratchFolder, writeTable, type Table } from "@tidemark/data";

/** A table as an Arrow file. */
export function arrowBytes(table: Table): Uint8Array {
  const scratch = scratchFolder(tmpdir(), "tidemark-arrow");
  try {
    const file = join(scratch.path, table.spec.name);
    writeTable(file, table);
    return readFileSync(file);
  } finally {
    scratch.discard();
  }
}
