import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ArrowFileWriter,
  assert,
  CONTENTS_FILE,
  EVENT_COLUMNS,
  EVENTS_FILE,
  GUEST_COLUMNS,
  GUEST_FILE,
  MANIFEST_FILE,
  openTrace,
  PAGES_FILE,
  PPN_COLUMNS,
  PPNS_FILE,
  readArrowFile,
  type TraceManifest,
} from "@tidemark/data";

/** Time between two runs, ns. */
const GAP_NS = 1e9;

/** Writes a trace in which everything that happened in another one of one VM happens `runs` times, one run after the other, on the same pages. */
export async function repeatTrace(from: string, to: string, runs: number): Promise<void> {
  const { manifest } = openTrace(from);
  const { originNs, endNs, vms } = manifest;
  const [vm] = vms;
  assert(originNs !== null && endNs !== null && vms.length === 1, `${from}: a trace of one VM`);
  const stepNs = endNs - originNs + GAP_NS;
  const lateNs = (runs - 1) * stepNs;
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const [file, columns] of [
    [EVENTS_FILE, EVENT_COLUMNS],
    [GUEST_FILE, GUEST_COLUMNS],
  ] as const) {
    if (!existsSync(join(from, file))) continue;
    const writer = new ArrowFileWriter(join(to, file), columns);
    for (let run = 0; run < runs; run++) {
      for await (const batch of readArrowFile(join(from, file), columns)) {
        const [time] = batch.columns;
        if (time instanceof Float64Array) for (let i = 0; i < batch.length; i++) time[i] += run * stepNs;
        writer.write(batch);
      }
    }
    writer.close();
  }
  const ppns = new ArrowFileWriter(join(to, PPNS_FILE), PPN_COLUMNS);
  for await (const batch of readArrowFile(join(from, PPNS_FILE), PPN_COLUMNS)) {
    const last = batch.columns[3];
    if (last instanceof Float64Array) for (let i = 0; i < batch.length; i++) last[i] += lateNs;
    ppns.write(batch);
  }
  ppns.close();
  for (const file of [PAGES_FILE, CONTENTS_FILE]) if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file));
  const repeated: TraceManifest = {
    ...manifest,
    endNs: endNs + lateNs,
    vms: [
      {
        ...vm,
        lastNs: vm.lastNs === null ? null : vm.lastNs + lateNs,
        rows: vm.rows * runs,
        accesses: vm.accesses * runs,
        reads: vm.reads * runs,
        writes: vm.writes * runs,
        fetches: vm.fetches * runs,
        allocatorEvents: vm.allocatorEvents * runs,
        guestEvents: vm.guestEvents * runs,
        meminfoSamples: 0,
      },
    ],
  };
  writeFileSync(join(to, MANIFEST_FILE), JSON.stringify(repeated));
}
