import type { CellColumn } from "./cell-column.ts";

/** Where a row stands in its source and what it says: for errors and for the file of rejected rows. */
export interface RowOrigin {
  /** Line, or row number where the source has no lines; counted from 1. */
  lineOf(row: number): number;
  textOf(row: number): string;
}

/** Decoded rows of one source. Reused: valid until the source is asked for more. */
export interface CellBatch extends RowOrigin {
  length: number;
  /** The columns that the row kind uses, found in the source. */
  readonly columns: readonly CellColumn[];
}
