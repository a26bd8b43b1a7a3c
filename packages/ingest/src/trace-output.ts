import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ArrowFileWriter,
  BATCH_ROWS,
  CONTENT_COLUMNS,
  CONTENTS_FILE,
  EVENT_COLUMNS,
  EVENTS_FILE,
  fileProblem,
  GUEST_COLUMNS,
  GUEST_FILE,
  MANIFEST_FILE,
  MEMINFO_COLUMNS,
  MEMINFO_FILE,
  PAGE_COLUMNS,
  PAGES_FILE,
  PPN_COLUMNS,
  PPNS_FILE,
  type AccessBatch,
  type ArrowColumn,
  type TraceManifest,
} from "@tidemark/data";
import type { RawContents, RawGuest } from "./raw-batch.ts";
import type { VmFold } from "./vm-fold.ts";

/** The files of a trace folder that is being written. Files of optional parts appear with their first row. */
export class TraceOutput {
  readonly #folder: string;
  readonly #writers = new Map<string, ArrowFileWriter>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#writer(EVENTS_FILE, EVENT_COLUMNS);
    this.#writer(PAGES_FILE, PAGE_COLUMNS);
    this.#writer(PPNS_FILE, PPN_COLUMNS);
  }

  accesses({ length, timeNs, vm, vcpu, kind, page, ppn, count }: AccessBatch): void {
    this.#writer(EVENTS_FILE, EVENT_COLUMNS).write({ length, columns: [timeNs, vm, vcpu, kind, page, ppn, count] });
  }

  /** Rows `[from, to)`, whose `vm` is the trace's number. */
  guest(rows: RawGuest, from: number, to: number): void {
    const { timeNs, vm, vcpu, kind, space, vpn, ppn, count, value, pid, gfp, migratetype, level } = rows;
    const columns = [
      timeNs,
      Uint16Array.from(vm.subarray(from, to)),
      vcpu,
      kind,
      space,
      vpn,
      ppn,
      count,
      value,
      pid,
      gfp,
      migratetype,
      level,
    ];
    this.#writer(GUEST_FILE, GUEST_COLUMNS).write({
      length: to - from,
      columns: columns.map((column) => (column instanceof Uint16Array ? column : column.subarray(from, to))),
    });
  }

  contents({ length, ppn, timeNs, hash, zbytes }: RawContents, vm: Uint16Array): void {
    this.#writer(CONTENTS_FILE, CONTENT_COLUMNS).write({ length, columns: [vm, ppn, timeNs, hash, zbytes] });
  }

  /** All samples in one batch: an Arrow file cannot learn a new counter name later. */
  meminfo(timeNs: Float64Array, vm: Uint16Array, counter: string[], value: Float64Array, unit: string[]): void {
    this.#writer(MEMINFO_FILE, MEMINFO_COLUMNS).write({ length: counter.length, columns: [timeNs, vm, counter, value, unit] });
  }

  pages({ pages, spaces: valueOf }: VmFold): void {
    const spaces = new Float64Array(BATCH_ROWS);
    const vpns = new Float64Array(BATCH_ROWS);
    for (let from = 0; from < pages.length; from += BATCH_ROWS) {
      const length = Math.min(BATCH_ROWS, pages.length - from);
      for (let i = 0; i < length; i++) {
        spaces[i] = valueOf[pages.spaceOf(from + i)];
        vpns[i] = pages.vpnOf(from + i);
      }
      this.#writer(PAGES_FILE, PAGE_COLUMNS).write({ length, columns: [spaces, vpns] });
    }
  }

  ppns(vm: VmFold): void {
    const rows = vm.ppnRows();
    const vms = new Uint16Array(Math.min(BATCH_ROWS, rows.length)).fill(vm.index);
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const to = Math.min(rows.length, from + BATCH_ROWS);
      const columns = [vms, rows.ppn.subarray(from, to), rows.firstNs.subarray(from, to), rows.lastNs.subarray(from, to)];
      this.#writer(PPNS_FILE, PPN_COLUMNS).write({ length: to - from, columns });
    }
  }

  finish(manifest: TraceManifest): void {
    for (const writer of this.#writers.values()) writer.close();
    const path = join(this.#folder, MANIFEST_FILE);
    try {
      writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  abandon(): void {
    for (const writer of this.#writers.values()) writer.abandon();
  }

  #writer(file: string, columns: readonly ArrowColumn[]): ArrowFileWriter {
    let writer = this.#writers.get(file);
    if (writer === undefined) this.#writers.set(file, (writer = new ArrowFileWriter(join(this.#folder, file), columns)));
    return writer;
  }
}
