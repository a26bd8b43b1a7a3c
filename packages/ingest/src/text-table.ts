import { BATCH_ROWS, InputError } from "@tidemark/data";
import type { ByteWindow } from "./byte-window.ts";
import type { CellBatch } from "./cell-batch.ts";
import type { CellColumn } from "./cell-column.ts";
import { headerFields } from "./delimiter.ts";
import type { SourceContext } from "./format.ts";
import { quotedRows } from "./quoted-rows.ts";
import { lineText, rowScanner, type RowTarget } from "./scan-rows.ts";
import { textOf } from "./word-table.ts";

const LF = 10;
const QUOTE = 34;

/** A text table whose header has been read. */
export interface TextTable {
  readonly header: readonly string[];
  readonly delimiter: string;
  /** Line of the first row. */
  readonly line: number;
  /** The rows have quotes, or a delimiter that the scanner does not take. */
  readonly quoted: boolean;
}

/** The first line of a text with something on it, without consuming it; undefined where the text has none. */
export async function firstLine(bytes: ByteWindow): Promise<{ text: string; end: number; line: number } | undefined> {
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
export async function readHeader(bytes: ByteWindow, known: (name: string) => boolean, where: string): Promise<TextTable> {
  const first = await firstLine(bytes);
  if (first === undefined) throw new InputError(`${where}: is empty`);
  if (first.text.includes("\0")) throw new InputError(`${where}:${first.line}: has NUL bytes in its header; is it a text in UTF-8?`);
  const { header, delimiter } = headerFields(first.text, known);
  const head = bytes.bytes.subarray(bytes.start, Math.min(bytes.end, bytes.start + 65_536));
  bytes.start = first.end;
  return { header, delimiter, line: first.line + 1, quoted: head.includes(QUOTE) || !",\t;|".includes(delimiter) };
}

/**
 * The rows of a text table. Plain rows are scanned; from the first quote on, or with an odd delimiter, papaparse reads
 * them, to the same result. Cells are valid until the next batch is asked for.
 */
export async function* textRows(
  bytes: ByteWindow,
  table: TextTable,
  fields: readonly (CellColumn | undefined)[],
  context: SourceContext,
): AsyncGenerator<CellBatch> {
  const columns = fields.filter((column) => column !== undefined);
  if (table.quoted) {
    yield* quotedRows(bytes, table, fields, context);
    return;
  }
  const scan = rowScanner({ delimiter: table.delimiter.charCodeAt(0), fields, columns });
  const cells: CellBatch & RowTarget = {
    length: 0,
    capacity: BATCH_ROWS,
    columns,
    line: table.line,
    lines: new Float64Array(BATCH_ROWS),
    starts: new Int32Array(BATCH_ROWS),
    reject: (line, text, reason) => {
      context.read(1);
      context.reject(line, text, reason);
    },
    lineOf: (row) => cells.lines[row],
    textOf: (row) => lineText(bytes.bytes, cells.starts[row]),
  };
  let checked = bytes.start;
  do {
    await bytes.fill();
    if (bytes.atEnd && bytes.end > bytes.start && bytes.bytes[bytes.end - 1] !== LF) bytes.bytes[bytes.end++] = LF;
    checked = bytes.start;
    let to = bytes.end === 0 ? 0 : bytes.bytes.lastIndexOf(LF, bytes.end - 1) + 1;
    const quote = bytes.bytes.subarray(checked, to).indexOf(QUOTE);
    if (quote >= 0) to = bytes.bytes.lastIndexOf(LF, checked + quote) + 1;
    while (bytes.start < to) {
      bytes.start = scan(bytes.bytes, bytes.start, to, cells);
      context.read(cells.length);
      if (cells.length > 0) yield cells;
      cells.length = 0;
      for (const column of columns) column.clear();
    }
    if (quote >= 0) {
      yield* quotedRows(bytes, { ...table, line: cells.line }, fields, context);
      return;
    }
  } while (!bytes.atEnd || bytes.start < bytes.end);
}
