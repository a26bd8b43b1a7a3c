import type { TraceOutput } from "./trace-output.ts";

/** The guests' counters of a whole ingest: a few thousand rows, ordered by time and VM at the end. */
export class MeminfoRows {
  readonly #rows: {
    readonly vm: number;
    readonly timeNs: number;
    readonly counter: string;
    readonly value: number;
    readonly unit: string;
  }[] = [];

  /** Says whether the row begins a sample. */
  add(vm: number, timeNs: number, counter: string, value: number, unit: string): boolean {
    const last = this.#rows.at(-1);
    this.#rows.push({ vm, timeNs, counter, value, unit });
    return last === undefined || last.vm !== vm || last.timeNs !== timeNs;
  }

  write(output: TraceOutput): void {
    const rows = this.#rows.toSorted((a, b) => a.timeNs - b.timeNs || a.vm - b.vm);
    if (rows.length === 0) return;
    output.meminfo(
      Float64Array.from(rows, (row) => row.timeNs),
      Uint16Array.from(rows, (row) => row.vm),
      rows.map((row) => row.counter),
      Float64Array.from(rows, (row) => row.value),
      rows.map((row) => row.unit),
    );
  }
}
