import type { ColumnArrays, ColumnSpec, ColumnWriting } from "../cell-column.ts";
import type { LineJumps } from "../scan-rows.ts";
import type { TextTable } from "../text-table.ts";

/** A plain text table of which threads read ranges in turn: range r is read by thread r modulo `threads`. */
export interface RangeJob {
  readonly path: string;
  /** Name for messages. */
  readonly name: string;
  readonly table: TextTable;
  /** Index = index in the header; undefined where nobody reads the column. */
  readonly fields: readonly (RangeField | undefined)[];
  /** The rows begin at byte `from` of the file and end before `to`. */
  readonly from: number;
  readonly to: number;
  readonly rangeBytes: number;
  readonly thread: number;
  readonly threads: number;
  readonly slots: readonly Slot[];
  /** By slot: FREE or TAKEN. */
  readonly states: Int32Array;
}

interface RangeField {
  readonly spec: ColumnSpec;
  readonly writing: ColumnWriting;
  /** An empty cell is a mistake. */
  readonly required: boolean;
}

/** Shared memory for a batch of rows. */
export interface Slot {
  /** By column that is read. */
  readonly columns: readonly ColumnArrays[];
  /** Where rows start, counted from a place in the file. */
  readonly starts: Uint32Array;
}

export const FREE = 0;
export const TAKEN = 1;

/** What a thread says, range by range in the order of the file. Lines count from 0 in each range. */
export type RangeSays = RangeRows | RangeEnd | RangeFailure;

/** Rows of a range, which lie in a slot until it is FREE again. */
export interface RangeRows extends LineJumps {
  readonly of: "rows";
  readonly slot: number;
  readonly length: number;
  /** Place in the file that `starts` count from. */
  readonly position: number;
  /** By column that is read: whether a cell is empty; all words that the thread knows, where it has met a new one. */
  readonly anyMissing: readonly boolean[];
  readonly words: readonly (readonly string[] | undefined)[];
  readonly rejects: readonly RangeReject[];
}

export interface RangeReject {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

interface RangeEnd {
  readonly of: "end";
  readonly rejects: readonly RangeReject[];
  readonly lines: number;
  readonly bytes: number;
  /** Rows that have fewer fields than the header. */
  readonly shortRows: number;
  /** Where the row with the first quote begins: the thread reads no further. */
  readonly quotedFrom: number | undefined;
}

interface RangeFailure {
  readonly of: "failure";
  readonly message: string;
  /** The user can put it right. */
  readonly isInput: boolean;
}
