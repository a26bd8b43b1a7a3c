import { copyCells, type CellColumn } from "../cell-column.ts";
import type { RowScanner } from "../scan-rows.ts";
import { TAKEN, type RangeJob, type RangeReject, type RangeSays } from "./range-job.ts";

/** Hands batches over in slots, one after the other. */
export class SlotOutput {
  readonly #job: RangeJob;
  readonly #say: (says: RangeSays) => void;
  readonly #columns: readonly CellColumn[];
  readonly #scanner: RowScanner;
  /** By column: words that have been told. */
  readonly #told: number[];
  #next = 0;

  constructor(job: RangeJob, fields: readonly (CellColumn | undefined)[], scanner: RowScanner, say: (says: RangeSays) => void) {
    this.#job = job;
    this.#say = say;
    this.#columns = fields.filter((column) => column !== undefined);
    this.#told = this.#columns.map(() => 0);
    this.#scanner = scanner;
  }

  /** Waits for the next slot to be free. */
  send(length: number, position: number, rejects: RangeReject[]): void {
    const { slots, states } = this.#job;
    const slot = this.#next;
    this.#next = (slot + 1) % slots.length;
    Atomics.wait(states, slot, TAKEN);
    Atomics.store(states, slot, TAKEN);
    const { columns, starts } = slots[slot];
    this.#columns.forEach((column, c) => copyCells(column, columns[c], length, column.anyMissing));
    for (let row = 0; row < length; row++) starts[row] = this.#scanner.startOf(row);
    const { jumpRows, jumpLines } = this.#scanner;
    const anyMissing = this.#columns.map((column) => column.anyMissing);
    this.#say({
      of: "rows",
      slot,
      length,
      jumpRows,
      jumpLines,
      position,
      anyMissing,
      words: this.#columns.map((column, c) => this.#newWords(column, c)),
      rejects,
    });
  }

  #newWords({ words: { words } }: CellColumn, c: number): readonly string[] | undefined {
    if (words.length === this.#told[c]) return undefined;
    this.#told[c] = words.length;
    return words;
  }
}
