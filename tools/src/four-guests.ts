import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTrace } from "@tidemark/data";
import { ingest, PLAIN_READING } from "@tidemark/ingest";
import { replay, scenarioSchema } from "@tidemark/replay";

const TRACES = fileURLToPath(new URL("../../traces/", import.meta.url));

/** The bundled half-hour captures with the windows of their access files. */
const GUESTS = { hog: "5s", db: "2s", cache: "1s", idle: "1s" } as const;

const folders = (path: string): readonly string[] => Object.keys(GUESTS).map((name) => join(path, `${name}.trace`));

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

/** Merely reads every column of the accesses of all four. */
export async function readGuests(path: string): Promise<number> {
  let sum = 0;
  for (const folder of folders(path)) {
    for await (const { length, timeNs, vm, vcpu, kind, page, ppn, count } of openTrace(folder).accesses()) {
      for (let i = 0; i < length; i++) sum += timeNs[i] + vm[i] + vcpu[i] + kind[i] + page[i] + ppn[i] + count[i];
    }
  }
  return sum;
}

/** Half of the 765 MiB that the four have consumed at most, the overhead of four VMs of 256 MiB (81 MiB) and minFree (30 MiB). */
const HALF = "494MiB";

/** `copies` of each of the four on so many times half the memory, every mechanism on. Returns what was done. */
export async function replayGuests(path: string, copies: number): Promise<string> {
  const run = await replay({
    scenario: scenarioSchema.parse({
      host: { memory: copies === 1 ? HALF : `${494 * copies}MiB` },
      share: { contents: "end-state", salting: "none" },
      vms: folders(path).map((trace) => ({ trace, copies })),
    }),
    open: openTrace,
    instants: ["end"],
    check: false,
    tool: "bench",
    progress: () => {},
  });
  return run.tables.map(({ spec, length }) => `${spec.name} ${length}`).join(", ");
}
