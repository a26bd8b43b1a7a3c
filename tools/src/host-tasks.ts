import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openTrace } from "@tidemark/data";
import { replay, scenarioSchema } from "@tidemark/replay";
import { writeGuestTrace } from "./bench-data.ts";
import { guestFolders, makeGuests } from "./four-guests.ts";
import { repeatTrace } from "./repeat-trace.ts";

/** The generated guests: as many, as large and as long as the captured ones. */
const VMS = 4;
const VM_PAGES = 65_536;
const SPAN_NS = 1800e9;
/** Half of what the four consume, the overhead of four VMs of 256 MiB (81 MiB) and minFree (30 MiB). */
const CAPTURED_HALF = "494MiB";
const GENERATED_HALF = "623MiB";

const generatedFolders = (path: string): readonly string[] => Array.from({ length: VMS }, (_, v) => join(path, `vm${v}.trace`));

/** Pieces of work of the host's bench, as bench-task.ts runs them. */
export const hostTasks: { readonly [name: string]: (path: string, rows: number) => Promise<unknown> } = {
  /** The four captured guests, all that happened in them `runs` times over. Gives their rows. */
  "make-guests": async (path, runs) => {
    mkdirSync(path, { recursive: true });
    const once = join(path, "once");
    mkdirSync(once, { recursive: true });
    const rows = await makeGuests(once);
    for (const [v, to] of guestFolders(path).entries()) await repeatTrace(guestFolders(once)[v], to, runs);
    return rows * runs;
  },
  "read-guests": (path) => readAll(guestFolders(path)),
  "replay-guests": (path) => replayAll(guestFolders(path), CAPTURED_HALF, { contents: "end-state", salting: "none" }),

  /** Four generated guests of `rows` rows together. */
  "make-vms": async (path, rows) => {
    mkdirSync(path, { recursive: true });
    generatedFolders(path).forEach((folder, v) => writeGuestTrace(folder, rows / VMS, VM_PAGES, SPAN_NS, v + 1));
    return rows;
  },
  "read-vms": (path) => readAll(generatedFolders(path)),
  "replay-vms": (path) => replayAll(generatedFolders(path), GENERATED_HALF, { contents: "profile", salting: "none" }),
};

/** Merely reads every column of the accesses of all. */
async function readAll(folders: readonly string[]): Promise<number> {
  let sum = 0;
  for (const folder of folders) {
    for await (const { length, timeNs, vm, vcpu, kind, page, ppn, count } of openTrace(folder).accesses()) {
      for (let i = 0; i < length; i++) sum += timeNs[i] + vm[i] + vcpu[i] + kind[i] + page[i] + ppn[i] + count[i];
    }
  }
  return sum;
}

/** Every mechanism and every observer, samples of 6 s. What it did, in figures that show it. */
async function replayAll(traces: readonly string[], memory: string, share: { readonly contents: string; readonly salting: string }) {
  const { tables } = await replay({
    scenario: scenarioSchema.parse({ host: { memory }, share, vms: traces.map((trace, v) => ({ trace, name: `vm${v}` })) }),
    open: openTrace,
    instants: ["end"],
    check: false,
    tool: "bench",
    progress: () => {},
  });
  return tables.map(({ spec, length }) => `${spec.name} ${length}`).join(", ");
}
