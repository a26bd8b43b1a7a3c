import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { BATCH_ROWS, fileProblem } from "@tidemark/data/shapes";
import { gather } from "./equal-times.ts";
import { accessColumns, guestColumns, rawAccesses, rawGuest, type NumberArray, type RawAccesses, type RawGuest } from "./raw-batch.ts";

const RUN_ROWS = 1 << 19;
/** Rows of one sort read back at a time, all its runs together. */
const READ_ROWS = 1 << 17;

/** A temporary file of columns, which several sorts share. */
class SortFile {
  readonly #path: string;
  #file: number | undefined;
  #end = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Appends rows `[0, length)` of the columns; returns where each column begins. */
  append(columns: readonly NumberArray[], length: number): number[] {
    this.#file ??= this.#attempt(() => openSync(this.#path, "wx+"));
    return columns.map((column) => {
      const at = this.#end;
      const bytes = Buffer.from(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT);
      for (let done = 0; done < bytes.length;)
        done += this.#attempt((file) => writeSync(file, bytes, done, bytes.length - done, at + done));
      this.#end += bytes.length;
      return at;
    });
  }

  /** Reads into rows `[0, length)` of a column from row `first` of the one that begins at `at`. */
  read(column: NumberArray, at: number, first: number, length: number): void {
    const bytes = Buffer.from(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT);
    const from = at + first * column.BYTES_PER_ELEMENT;
    for (let done = 0; done < bytes.length;) done += this.#attempt((file) => readSync(file, bytes, done, bytes.length - done, from + done));
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
  }

  #attempt(use: (file: number) => number): number {
    try {
      return use(this.#file ?? -1);
    } catch (error) {
      throw fileProblem(error, this.#path);
    }
  }
}

/** Sorted rows of one run, read back a block at a time. */
interface Run<T> extends StoredRun {
  readonly block: T;
  /** Rows before the block, and the next row in it. */
  before: number;
  at: number;
}

/** Sorts the events of one source after the other; the sorts share a temporary file and the memory of one run. */
export class EventSorter {
  readonly #file: SortFile;
  readonly #runRows: number;
  #accesses: RunBuffers<RawAccesses> | undefined;
  #guest: RunBuffers<RawGuest> | undefined;

  /** `runRows`: how many rows are sorted in memory. */
  constructor(path: string, runRows = RUN_ROWS) {
    this.#file = new SortFile(path);
    this.#runRows = runRows;
  }

  /**
   * The accesses and the guest events of a source, each in the order of their times, equal times as they came. Lines stay in
   * `row`; the texts of rows are gone. Whichever of the two is asked first reads the source to its end.
   */
  sort(batches: AsyncIterable<RawAccesses | RawGuest>): [AsyncGenerator<RawAccesses>, AsyncGenerator<RawGuest>] {
    let stored: Promise<[StoredRun[], StoredRun[]]> | undefined;
    const spilled = (): Promise<[StoredRun[], StoredRun[]]> => (stored ??= this.#spill(batches));
    const file = this.#file;
    return [
      (async function* () {
        yield* mergeRuns((await spilled())[0], file, rawAccesses, accessColumns);
      })(),
      (async function* () {
        yield* mergeRuns((await spilled())[1], file, rawGuest, guestColumns);
      })(),
    ];
  }

  /** Reads to the end; leaves sorted runs in the file. */
  async #spill(batches: AsyncIterable<RawAccesses | RawGuest>): Promise<[StoredRun[], StoredRun[]]> {
    const accesses: StoredRun[] = [];
    const guest: StoredRun[] = [];
    for await (const batch of batches) {
      if (batch.of === "accesses")
        spillRows(batch, (this.#accesses ??= runBuffers(rawAccesses, accessColumns, this.#runRows)), this.#file, accesses);
      else spillRows(batch, (this.#guest ??= runBuffers(rawGuest, guestColumns, this.#runRows)), this.#file, guest);
    }
    if (this.#accesses !== undefined) spillRun(this.#accesses, this.#file, accesses);
    if (this.#guest !== undefined) spillRun(this.#guest, this.#file, guest);
    return [accesses, guest];
  }

  close(): void {
    this.#file.close();
  }
}

interface RunBuffers<T> {
  readonly run: T;
  readonly sorted: T;
  readonly rows: number;
  readonly columnsOf: (rows: T) => readonly NumberArray[];
}

const runBuffers = <T>(empty: (capacity: number) => T, columnsOf: (rows: T) => readonly NumberArray[], rows: number): RunBuffers<T> => ({
  run: empty(rows),
  sorted: empty(rows),
  rows,
  columnsOf,
});

interface StoredRun {
  readonly starts: readonly number[];
  readonly length: number;
}

/** Adds the rows of a batch to the run in memory, which goes to the file when it is full. */
function spillRows<T extends RawAccesses | RawGuest>(batch: T, buffers: RunBuffers<T>, file: SortFile, stored: StoredRun[]): void {
  const { run, rows, columnsOf } = buffers;
  for (let at = 0; at < batch.length;) {
    const n = Math.min(batch.length - at, rows - run.length);
    append(batch, at, n, run, columnsOf);
    at += n;
    if (run.length === rows) spillRun(buffers, file, stored);
  }
}

/** Sorts the run in memory into the file. */
function spillRun<T extends RawAccesses | RawGuest>({ run, sorted, columnsOf }: RunBuffers<T>, file: SortFile, stored: StoredRun[]): void {
  if (run.length === 0) return;
  sortRows(run, sorted, columnsOf);
  stored.push({ starts: file.append(columnsOf(sorted), run.length), length: run.length });
  run.length = 0;
}

function append<T extends RawAccesses | RawGuest>(
  batch: T,
  from: number,
  n: number,
  run: T,
  columnsOf: (rows: T) => readonly NumberArray[],
): void {
  const given = columnsOf(batch);
  columnsOf(run).forEach((column, c) => {
    if (given[c].length > 0) column.set(given[c].subarray(from, from + n), run.length);
    else column.fill(NaN, run.length, run.length + n);
  });
  for (let i = 0; i < n; i++) run.row[run.length + i] = batch.origin.lineOf(batch.row[from + i]);
  run.length += n;
}

function sortRows<T extends RawAccesses | RawGuest>(run: T, sorted: T, columnsOf: (rows: T) => readonly NumberArray[]): void {
  const { timeNs, length } = run;
  const order = Uint32Array.from({ length }, (_, i) => i);
  if (!order.every((_, i) => i === 0 || timeNs[i - 1] <= timeNs[i])) order.sort((a, b) => timeNs[a] - timeNs[b] || a - b);
  gather(columnsOf(run), order, columnsOf(sorted));
  sorted.length = length;
}

function* mergeRuns<T extends RawAccesses | RawGuest>(
  stored: readonly StoredRun[],
  file: SortFile,
  empty: (capacity: number) => T,
  columnsOf: (rows: T) => readonly NumberArray[],
): Generator<T> {
  if (stored.length === 0) return;
  const blockRows = Math.max(64, Math.floor(READ_ROWS / stored.length));
  const runs = stored.map(({ starts, length }): Run<T> => ({ starts, length, block: empty(blockRows), before: 0, at: 0 }));
  const columns = runs.map((run) => columnsOf(run.block));
  const load = (r: number): void => {
    const run = runs[r];
    run.before += run.block.length;
    run.at = 0;
    run.block.length = Math.min(blockRows, run.length - run.before);
    if (run.block.length > 0) columns[r].forEach((column, c) => file.read(column, run.starts[c], run.before, run.block.length));
  };
  runs.forEach((_, r) => load(r));
  const heap = new RunHeap(runs.length, (a, b) => {
    const time = runs[a].block.timeNs[runs[a].at] - runs[b].block.timeNs[runs[b].at];
    return time < 0 || (time === 0 && a < b);
  });
  const out = empty(BATCH_ROWS);
  const outColumns = columnsOf(out);
  for (let r = heap.first; r >= 0; r = heap.first) {
    const run = runs[r];
    for (let c = 0; c < outColumns.length; c++) outColumns[c][out.length] = columns[r][c][run.at];
    out.length++;
    run.at++;
    if (run.at === run.block.length) load(r);
    heap.moved(run.block.length === 0);
    if (out.length === BATCH_ROWS) {
      yield out;
      out.length = 0;
    }
  }
  yield out;
}

/** A binary heap of run numbers, whose first precedes all others. */
class RunHeap {
  readonly #runs: number[];
  readonly #precedes: (a: number, b: number) => boolean;

  constructor(length: number, precedes: (a: number, b: number) => boolean) {
    this.#precedes = precedes;
    this.#runs = Array.from({ length }, (_, r) => r);
    for (let at = length >> 1; at >= 0; at--) this.#sink(at);
  }

  /** -1: none is left. */
  get first(): number {
    return this.#runs[0] ?? -1;
  }

  /** The first run has moved on, or is at its end. */
  moved(ended: boolean): void {
    if (ended) {
      const last = this.#runs.pop();
      if (last !== undefined && this.#runs.length > 0) this.#runs[0] = last;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const runs = this.#runs;
    for (let at = from; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < runs.length && this.#precedes(runs[child], runs[least])) least = child;
      if (least === at) return;
      [runs[at], runs[least]] = [runs[least], runs[at]];
      at = least;
    }
  }
}
