import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTrace } from "@tidemark/data";
import { ingest, PLAIN_READING } from "@tidemark/ingest";

const TRACES = fileURLToPath(new URL("../../traces/", import.meta.url));

/** The bundled half-hour captures with the windows of their access files. */
const GUESTS = { hog: "5s", db: "2s", cache: "1s", idle: "1s" } as const;

/** The traces of the four guests in a folder. */
export const guestFolders = (path: string): readonly string[] => Object.keys(GUESTS).map((name) => join(path, `${name}.trace`));

/** Ingests the four captured guests. Returns their rows. */
export async function makeGuests(path: string): Promise<number> {
  let rows = 0;
  for (const [name, windowS] of Object.entries(GUESTS)) {
    const inputs = [`full-${windowS}.csv`, "kmem.csv", "pages.csv"].map((file) => join(TRACES, `long-${name}`, `long-${name}.${file}.gz`));
    const output = join(path, `${name}.trace`);
    rmSync(output, { recursive: true, force: true });
    await ingest({ ...PLAIN_READING, inputs, output, tool: "bench" }, () => {});
    rows += openTrace(output).manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  }
  return rows;
}
