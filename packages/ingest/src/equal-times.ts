import { BATCH_ROWS, InputError } from "@tidemark/data/shapes";
import type { NumberArray, RawAccesses, RawGuest } from "./raw-batch.ts";

const ROWS_MAX = 1 << 22;

/**
 * Holds rows of several VMs back until time moves on, and brings rows of equal times into the order of their VMs.
 * While held, a row's `vm` is the trace's number and its `row` a mark: the count of rows before it, modulo 2^32.
 */
export class EqualTimes<T extends RawAccesses | RawGuest> {
  #rows: T;
  /** For rows that have to change places; there with the first of them. */
  #spare: T | undefined;
  #added = 0;
  readonly #empty: (capacity: number) => T;
  readonly #columns: (rows: T) => readonly NumberArray[];

  constructor(empty: (capacity: number) => T, columns: (rows: T) => readonly NumberArray[]) {
    this.#empty = empty;
    this.#columns = columns;
    this.#rows = empty(2 * BATCH_ROWS);
  }

  get isFull(): boolean {
    return this.#rows.length >= BATCH_ROWS;
  }

  /** Whether the row with this mark is still here. */
  holds(mark: number): boolean {
    return (this.#added - 1 - mark) >>> 0 < this.#rows.length;
  }

  /** Adds at most BATCH_ROWS rows `[from, to)`, all of one VM; returns the mark of the first. */
  add(raw: T, from: number, to: number, vm: number): number {
    const rows = this.#rows;
    const at = rows.length;
    const own = this.#columns(rows);
    const given = this.#columns(raw);
    own.forEach((column, i) => {
      if (given[i].length > 0) column.set(given[i].subarray(from, to), at);
      else column.fill(0, at, at + to - from);
    });
    rows.vm.fill(vm, at, at + to - from);
    const mark = this.#added;
    for (let i = 0; i < to - from; i++) rows.row[at + i] = mark + i;
    rows.length += to - from;
    this.#added = (mark + to - from) >>> 0;
    return mark;
  }

  /** Gives the first rows to `take`, in order, as far as they are settled (`all`: to the end), and lets go of them. */
  settle(all: boolean, take: (rows: T, length: number) => void): void {
    const { timeNs, length } = this.#rows;
    let settled = length;
    if (!all) while (settled > 0 && timeNs[settled - 1] === timeNs[length - 1]) settled--;
    if (settled > 0) {
      take(this.#sorted(settled), settled);
      for (const column of this.#columns(this.#rows)) column.copyWithin(0, settled, length);
      this.#rows.length = length - settled;
    }
    if (this.#rows.length > this.#rows.timeNs.length - BATCH_ROWS) this.#grow();
  }

  /** The first `n` rows by (time, VM, arrival). */
  #sorted(n: number): T {
    const { timeNs, vm } = this.#rows;
    let order: Uint32Array | undefined;
    for (let from = 0; from < n;) {
      let to = from + 1;
      let inOrder = true;
      for (; to < n && timeNs[to] === timeNs[from]; to++) if (vm[to] < vm[to - 1]) inOrder = false;
      if (!inOrder) {
        order ??= Uint32Array.from({ length: n }, (_, i) => i);
        order.subarray(from, to).sort((a, b) => vm[a] - vm[b] || a - b);
      }
      from = to;
    }
    if (order === undefined) return this.#rows;
    const spare = (this.#spare ??= this.#empty(timeNs.length));
    gather(this.#columns(this.#rows), order, this.#columns(spare));
    return spare;
  }

  #grow(): void {
    const rows = this.#rows;
    const capacity = 2 * rows.timeNs.length;
    if (capacity > ROWS_MAX)
      throw new InputError(
        `more than ${ROWS_MAX / 2} accesses of several VMs at the same time (${rows.timeNs[0]} ns); give their times more digits`,
      );
    this.#rows = this.#empty(capacity);
    this.#spare = undefined;
    this.#rows.length = rows.length;
    const own = this.#columns(this.#rows);
    this.#columns(rows).forEach((column, i) => own[i].set(column));
  }
}

/** Rows of `from` in the order given. */
export function gather(from: readonly NumberArray[], order: Uint32Array, to: readonly NumberArray[]): void {
  from.forEach((column, c) => {
    const out = to[c];
    for (let i = 0; i < order.length; i++) out[i] = column[order[i]];
  });
}
