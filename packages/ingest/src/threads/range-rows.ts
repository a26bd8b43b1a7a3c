import { closeSync, openSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { fileProblem, InputError } from "@tidemark/data/shapes";
import { ByteWindow } from "../byte-window.ts";
import type { CellBatch } from "../cell-batch.ts";
import { CellColumn, columnArrays, copyCells } from "../cell-column.ts";
import type { RowLog } from "../format.ts";
import type { BoundField } from "../header.ts";
import type { InputFile } from "../input-file.ts";
import { quotedRows } from "../quoted-rows.ts";
import { lineOfRow, lineText } from "../scan-rows.ts";
import { PLAIN_ROWS, type BoundTable, type TextTable } from "../text-table.ts";
import { FREE, type RangeJob, type RangeRows, type RangeReject, type RangeSays, type Slot } from "./range-job.ts";

/** Batches that a thread may be ahead of its reader. */
const SLOTS = 4;
const RANGE_MIN = 1 << 16;
const RANGE_MAX = 1 << 23;
/** What the text of a row is read in, for messages. */
const LINE_BYTES = 1 << 16;

/** Threads take a third of a second of CPU to start: a smaller file is read as fast without them. */
const PAYS_FROM = 1 << 28;
/** One main thread keeps up with no more. */
const THREADS_MAX = 4;

/** How many threads scan a file of so many bytes. `workers` as in the plan. */
export const threadsFor = (bytes: number, workers: number | undefined): number =>
  workers ?? (bytes < PAYS_FROM ? 0 : Math.min(THREADS_MAX, availableParallelism() - 1));

/** Where the rows of a text table lie in a file, and how many threads shall scan them. */
export interface RangePlan {
  readonly file: InputFile;
  readonly name: string;
  /** Where the first row begins. */
  readonly from: number;
  readonly threads: number;
}

/** A bound table with threads, which must be closed. */
export interface BoundRanges extends BoundTable {
  close(): Promise<void>;
}

/**
 * Makes room for the rows of a text table in a file. Threads scan it range by range; their rows are put together here in the
 * order of the file. From the first quote on the rest is read here.
 */
export function bindRanges(plan: RangePlan, table: TextTable, bound: readonly BoundField[]): BoundRanges {
  const fields = bound.map((field) => field && new CellColumn(field.spec, field.writing, columnArrays(field.spec, PLAIN_ROWS)));
  const scan = new RangeScan(plan, table, fields, bound);
  return { fields, rows: (log) => scan.rows(log), close: () => scan.close() };
}

/** Threads that scan one file. */
class RangeScan {
  readonly #plan: RangePlan;
  readonly #table: TextTable;
  readonly #fields: readonly (CellColumn | undefined)[];
  readonly #columns: readonly CellColumn[];
  readonly #bound: readonly BoundField[];
  readonly #threads: RangeThread[] = [];
  #fd: number | undefined;

  constructor(plan: RangePlan, table: TextTable, fields: readonly (CellColumn | undefined)[], bound: readonly BoundField[]) {
    this.#plan = plan;
    this.#table = table;
    this.#fields = fields;
    this.#columns = fields.filter((column) => column !== undefined);
    this.#bound = bound;
  }

  async *rows(log: RowLog): AsyncGenerator<CellBatch> {
    const { file, name } = this.#plan;
    const tellRead = file.readAside();
    const fd = this.#open();
    const ranges = this.#start();
    let { line } = this.#table;
    for (let range = 0; range < ranges; range++) {
      const thread = this.#threads[range % this.#threads.length];
      for (let says = await thread.next(); ; says = await thread.next()) {
        if (says.of === "failure") throw says.isInput ? new InputError(says.message) : new Error(says.message);
        if (says.of === "rows") log.read(says.length);
        for (const reject of says.rejects) refuse(log, line, reject);
        if (says.of === "rows") {
          this.#take(says, thread);
          yield this.#batch(says, thread.slots[says.slot], line, fd);
          thread.free(says.slot);
          for (const column of this.#columns) column.clear();
          continue;
        }
        line += says.lines;
        log.short(says.shortRows);
        if (says.quotedFrom !== undefined) {
          yield* quotedRows(readFrom(file, name, says.quotedFrom), { ...this.#table, line }, this.#fields, log);
          return;
        }
        tellRead(says.bytes);
        break;
      }
    }
  }

  #open(): number {
    const { path } = this.#plan.file;
    try {
      return (this.#fd = openSync(path, "r"));
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  /** Starts the threads; returns how many ranges there are. */
  #start(): number {
    const { file, name, from, threads } = this.#plan;
    const rangeBytes = Math.min(RANGE_MAX, Math.max(RANGE_MIN, Math.ceil((file.bytes - from) / (4 * threads))));
    const ranges = Math.ceil((file.bytes - from) / rangeBytes);
    const fields = this.#bound.map((field, f) => field && { ...field, required: this.#fields[f]?.required === true });
    for (let thread = 0; thread < Math.min(threads, ranges); thread++) {
      const slots = Array.from({ length: SLOTS }, () => this.#slot());
      const states = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
      const { path, bytes: to } = file;
      this.#threads.push(
        new RangeThread({
          path,
          name,
          table: this.#table,
          fields,
          from,
          to,
          rangeBytes,
          thread,
          threads: Math.min(threads, ranges),
          slots,
          states,
        }),
      );
    }
    return ranges;
  }

  #slot(): Slot {
    const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
    const columns = this.#columns.map(({ spec }) => columnArrays(spec, PLAIN_ROWS, shared));
    return { columns, starts: new Uint32Array(shared(4 * PLAIN_ROWS)) };
  }

  /** Copies the rows of a thread into the columns. */
  #take({ slot, length, anyMissing, words }: RangeRows, thread: RangeThread): void {
    this.#columns.forEach((column, c) => {
      const told = words[c];
      if (told !== undefined) thread.codes[c] = codesOf(told, column);
      copyCells(thread.slots[slot].columns[c], column, length, anyMissing[c]);
      renumber(column.code, length, thread.codes[c]);
      column.anyMissing = anyMissing[c];
    });
  }

  #batch(rows: RangeRows, { starts }: Slot, line: number, fd: number): CellBatch {
    return {
      length: rows.length,
      columns: this.#columns,
      lineOf: (row) => line + lineOfRow(rows, row),
      textOf: (row) => textAt(fd, rows.position + starts[row]),
    };
  }

  async close(): Promise<void> {
    for (const thread of this.#threads) await thread.close();
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

/** A thread, and what it has said and nobody has heard yet. */
class RangeThread {
  readonly slots: readonly Slot[];
  /** By column: number here of the word that has a number there; undefined: the same. */
  readonly codes: (Uint32Array | undefined)[] = [];
  readonly #worker: Worker;
  readonly #states: Int32Array;
  readonly #said: RangeSays[] = [];
  #wake: () => void = () => {};

  constructor(job: RangeJob) {
    this.slots = job.slots;
    this.#states = job.states;
    this.#worker = new Worker(new URL("./range-worker.js", import.meta.url), { workerData: job });
    this.#worker.on("message", (says: RangeSays) => this.#hear(says));
    this.#worker.on("error", (error) => this.#hear({ of: "failure", message: String(error), isInput: false }));
    this.#worker.on("exit", () =>
      this.#hear({ of: "failure", message: "bug: a thread of ingest has ended before its work", isInput: false }),
    );
  }

  #hear(says: RangeSays): void {
    this.#said.push(says);
    this.#wake();
  }

  async next(): Promise<RangeSays> {
    for (;;) {
      const says = this.#said.shift();
      if (says !== undefined) return says;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  free(slot: number): void {
    Atomics.store(this.#states, slot, FREE);
    Atomics.notify(this.#states, slot);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

const refuse = (log: RowLog, firstLine: number, { line, text, reason }: RangeReject): void => {
  log.read(1);
  log.reject(firstLine + line, text, reason);
};

/** Numbers of a thread's words in the column; undefined where they are the same. */
function codesOf(words: readonly string[], column: CellColumn): Uint32Array | undefined {
  if (column.spec.words !== undefined) return undefined;
  const codes = Uint32Array.from(words, (word) => {
    const code = column.words.codeOf(word);
    if (code < 0) throw new InputError(`column ${column.header}: has more than the 65,535 different words a column may have`);
    return code;
  });
  return codes.every((code, there) => code === there) ? undefined : codes;
}

/** Puts the column's numbers of words for a thread's. */
function renumber(code: Uint32Array, length: number, codes: Uint32Array | undefined): void {
  if (codes === undefined || code.length === 0) return;
  for (let row = 0; row < length; row++) code[row] = codes[code[row]];
}

/** The bytes of a file from a place on. */
function readFrom(file: InputFile, name: string, from: number): ByteWindow {
  let at = from;
  return new ByteWindow(name, async (into, offset, length) => {
    const got = await file.readAt(into.subarray(offset), length, at);
    at += got;
    return got;
  });
}

/** The line that begins at a place of a file. */
function textAt(fd: number, position: number): string {
  const bytes = Buffer.alloc(LINE_BYTES + 1);
  const got = readSync(fd, bytes, 0, LINE_BYTES, position);
  bytes[got] = 10;
  return lineText(bytes, 0);
}
