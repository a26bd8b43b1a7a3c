import { CHUNK, type ByteWindow } from "./byte-window.ts";
import type { CellBatch } from "./cell-batch.ts";
import { CellColumn } from "./cell-column.ts";
import { headerFields } from "./delimiter.ts";
import type { RowLog } from "./format.ts";
import { quotedRows } from "./quoted-rows.ts";
import type { BoundField } from "./header.ts";
import { ScanMemory } from "./scan-memory.ts";
import { lineText, RowScanner, type ScannedField } from "./scan-rows.ts";
import { textOf } from "./word-table.ts";

const LF = 10;
const QUOTE = 34;
/** Rows of a batch: a chunk of text has fewer, unless they are very short. */
export const PLAIN_ROWS = 1 << 14;

/** A text table whose header has been read. */
export interface TextTable {
  readonly header: readonly string[];
  readonly delimiter: string;
  /** Line of the first row. */
  readonly line: number;
  /** The rows have quotes, or a delimiter that the scanner does not take. */
  readonly quoted: boolean;
}

/** An input that is in no known format: what to say of it. */
export interface Unknown {
  readonly unknown: string;
}

/** Bytes of a header at most: a file of one long line is none of ours. */
const HEADER_MAX = 1 << 20;

/** The first line of a text with something on it, without consuming it; undefined where the text has none. */
async function firstLine(bytes: ByteWindow): Promise<{ text: string; end: number; line: number } | undefined> {
  let from = bytes.start;
  let line = 1;
  for (;;) {
    const lf = bytes.bytes.subarray(0, bytes.end).indexOf(LF, from);
    const end = lf < 0 ? bytes.end : lf;
    if (lf >= 0 || bytes.atEnd) {
      const text = textOf(bytes.bytes, from, end)
        .replace(/^\uFEFF/, "")
        .trimEnd();
      if (text.trim() !== "") return { text, end: lf < 0 ? end : lf + 1, line };
      if (lf < 0) return undefined;
      from = lf + 1;
      line++;
    } else {
      from -= bytes.start;
      await bytes.fill();
    }
  }
}

/** Reads the header line off the window. `known` says whether a name is a column that some format reads. */
export async function readHeader(bytes: ByteWindow, known: (name: string) => boolean, where: string): Promise<TextTable | Unknown> {
  const first = await firstLine(bytes);
  if (first === undefined) return { unknown: `${where}: is empty` };
  if (first.text.includes("\0")) return { unknown: `${where}:${first.line}: has NUL bytes in its header; is it a text in UTF-8?` };
  if (first.text.length > HEADER_MAX)
    return { unknown: `${where}:${first.line}: is longer than 1 MiB; is there a header, and a line end behind it?` };
  const { header, delimiter } = headerFields(first.text, known);
  const head = bytes.bytes.subarray(bytes.start, Math.min(bytes.end, bytes.start + 65_536));
  bytes.start = first.end;
  return { header, delimiter, line: first.line + 1, quoted: head.includes(QUOTE) || !",\t;|".includes(delimiter) };
}

/** A text table whose columns are bound to what its header says. */
export interface BoundTable {
  readonly fields: readonly (CellColumn | undefined)[];
  rows(log: RowLog): AsyncGenerator<CellBatch>;
}

/**
 * Makes room for the rows of a text table. Plain rows are scanned; from the first quote on, or with an odd delimiter,
 * papaparse reads them, to the same result. Cells are valid until the next batch is asked for.
 */
export function bindText(bytes: ByteWindow, table: TextTable, bound: readonly BoundField[]): BoundTable {
  const plain = new PlainRows(table, bound);
  return {
    fields: plain.fields,
    rows: (log) => (table.quoted ? quotedRows(bytes, table, plain.fields, log) : anyRows(bytes, table, plain, log)),
  };
}

async function* anyRows(bytes: ByteWindow, table: TextTable, plain: PlainRows, log: RowLog): AsyncGenerator<CellBatch> {
  const scanner = plain.scanner(log);
  const metQuote = yield* plain.rows(bytes, scanner, log);
  log.short(scanner.shortRows);
  if (metQuote) yield* quotedRows(bytes, { ...table, line: scanner.line }, plain.fields, log);
}

/** What is wrong with a last line that has no end and fewer fields than the header: the rest of the file is gone. */
export const CUT_SHORT = "is cut short: the last line has no end and lacks fields";

/** The bytes of such a line in a window without quotes. */
function cutLine({ bytes, start, end }: ByteWindow, { header, delimiter }: TextTable): Buffer | undefined {
  if (end === start || bytes[end - 1] === LF) return undefined;
  const line = bytes.subarray(bytes.subarray(start, end).lastIndexOf(LF) + 1 + start, end);
  const text = textOf(line, 0, line.length);
  return text.trim() !== "" && text.split(delimiter).length < header.length ? Buffer.from(line) : undefined;
}

/** Plain rows of a text table, scanned into columns that are used again and again. */
export class PlainRows {
  readonly fields: readonly (CellColumn | undefined)[];
  readonly #table: TextTable;
  readonly #memory: ScanMemory;
  readonly #scanned: readonly ScannedField[];

  constructor(table: TextTable, bound: readonly BoundField[]) {
    const used = bound.filter((field) => field !== undefined).length;
    this.#table = table;
    this.#memory = new ScanMemory(bound.length, used, PLAIN_ROWS, CHUNK);
    this.#scanned = bound.map((field) => {
      if (field === undefined) return undefined;
      const placed = this.#memory.place(field.spec);
      return { column: new CellColumn(field.spec, field.writing, placed), placed };
    });
    this.fields = this.#scanned.map((field) => field?.column);
  }

  /** The one scanner, once the columns are what they shall be. */
  scanner(log: RowLog): RowScanner {
    return new RowScanner(this.#memory, this.#scanned, this.#table.delimiter.charCodeAt(0), this.#table.line, (line, text, reason) => {
      log.read(1);
      log.reject(line, text, reason);
    });
  }

  /** Rows up to the first with a quote, at which `bytes` is left; returns whether there is one. */
  async *rows(bytes: ByteWindow, scanner: RowScanner, log: RowLog): AsyncGenerator<CellBatch, boolean> {
    const columns = this.fields.filter((column) => column !== undefined);
    const cells: CellBatch = {
      length: 0,
      columns,
      lineOf: (row) => scanner.lineOf(row),
      textOf: (row) => lineText(bytes.bytes, scanner.startOf(row) - bytes.bytes.byteOffset),
    };
    bytes.moveTo(this.#memory.text);
    do {
      await bytes.fill();
      const quote = bytes.bytes.subarray(bytes.start, bytes.end).indexOf(QUOTE);
      const cut = bytes.atEnd && quote < 0 ? cutLine(bytes, this.#table) : undefined;
      if (cut !== undefined) bytes.end -= cut.length;
      else if (bytes.atEnd && quote < 0 && bytes.end > bytes.start && bytes.bytes[bytes.end - 1] !== LF) bytes.bytes[bytes.end++] = LF;
      const last = quote < 0 ? bytes.end - 1 : bytes.start + quote;
      const to = bytes.end === 0 ? 0 : Math.max(bytes.start, bytes.bytes.lastIndexOf(LF, last) + 1);
      while (bytes.start < to) {
        bytes.start = scanner.scan(bytes.bytes, bytes.start, to);
        cells.length = scanner.length;
        log.read(cells.length);
        if (cells.length > 0) yield cells;
        scanner.clear();
      }
      if (cut !== undefined) {
        log.read(1);
        log.reject(scanner.line, textOf(cut, 0, cut.length), CUT_SHORT);
      }
      if (quote >= 0) return true;
    } while (!bytes.atEnd || bytes.start < bytes.end);
    return false;
  }
}
