import type { Named } from "@tidemark/data/shapes";
import type { ByteWindow } from "./byte-window.ts";
import type { CellBatch } from "./cell-batch.ts";
import type { CellColumn, ColumnSpec } from "./cell-column.ts";
import type { IngestPlan } from "./ingest-plan.ts";
import type { RawBatch } from "./raw-batch.ts";

/** A kind of input: rows with named columns (text or Arrow), or bytes of its own layout. */
export type TraceFormat = RowKind | ByteFormat;

interface FormatFacts extends Named {
  /** Where the format is defined, or which tools write it. */
  readonly source: string;
  readonly columns: readonly ColumnSpec[];
  /** What no source of this format can say, and what stands in for it: for the manifest and every report. */
  readonly lacks?: readonly string[];
  /** exact: rows stand in the order of the accesses. windowed: order inside a window is lost. Without it the format leaves it open. */
  readonly order?: "exact" | "windowed";
}

/** A table whose columns are known by name. The same declaration serves CSV, TSV and Arrow inputs. */
export interface RowKind extends FormatFacts {
  /** Whether a table with these columns is of this kind. Kinds are asked in the order of their list. */
  recognises(has: (column: string) => boolean): boolean;
  /** Begins a source. */
  start(columns: BoundColumns, context: SourceContext): RowTaker;
}

/** The column of this canonical name, where the source has it. */
type BoundColumns = (name: string) => CellColumn | undefined;

interface RowTaker {
  /** Turns decoded rows into raw batches, which may share their arrays with the cells. */
  take(cells: CellBatch): Iterable<RawBatch>;
  /** What was read and not kept, for the manifest; asked at the end. */
  notes?(): readonly string[];
}

/** A format that is no table of rows. */
export interface ByteFormat extends FormatFacts {
  /** There are no lines: rows are numbered from 1. */
  readonly numbersRows?: true;
  /** The first bytes decide. */
  sniff(head: Uint8Array): boolean;
  read(bytes: ByteWindow, context: SourceContext): AsyncIterable<RawBatch>;
}

/** Who is told of the rows of a source. */
export interface RowLog {
  /** Name for messages. */
  readonly name: string;
  /** Counts rows of the source, kept or not. */
  read(rows: number): void;
  /** Counts rows that were kept although they have fewer fields than the header: what they lack is taken as empty. */
  short(rows: number): void;
  /** Refuses a row: ends the ingest, or counts it, as the plan says. */
  reject(line: number, text: string, reason: string): void;
  /** For people, in the manifest. */
  note(text: string): void;
}

/** What a format may say about the source it reads. */
export interface SourceContext extends RowLog {
  readonly plan: IngestPlan;
  /** VM names by their number in the source's raw batches; 0: not named. A format that finds names puts its list here. */
  vmNames: readonly string[];
  /** Names something that the source contains. */
  captured(what: string): void;
  /** Names something that it lacks, and what stands in for it. */
  synthesised(what: string): void;
}
