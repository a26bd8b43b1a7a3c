import Papa from "papaparse";
import type { ByteWindow } from "./byte-window.ts";
import type { CellBatch } from "./cell-batch.ts";
import type { CellColumn } from "./cell-column.ts";
import type { RowLog } from "./format.ts";
import { CUT_SHORT, type TextTable } from "./text-table.ts";
import { textOf } from "./word-table.ts";

const LF = 10;
const QUOTE = 34;
/** No more than the columns have room for. */
const ROWS = 1 << 14;

/** The rows of a text table with quotes (RFC 4180) or an odd delimiter, parsed by papaparse about a megabyte at a time. */
export async function* quotedRows(
  bytes: ByteWindow,
  table: TextTable,
  fields: readonly (CellColumn | undefined)[],
  log: RowLog,
): AsyncGenerator<CellBatch> {
  const { delimiter } = table;
  const columns = fields.filter((column) => column !== undefined);
  const rows: (readonly string[])[] = [];
  const lines = new Float64Array(ROWS);
  const cells: CellBatch = {
    length: 0,
    columns,
    lineOf: (row) => lines[row],
    textOf: (row) => joined(rows[row], delimiter),
  };
  let line = table.line;
  do {
    await bytes.fill();
    const ends = rowEnds(bytes.bytes, bytes.start, bytes.end, delimiter.charCodeAt(0));
    const to = bytes.atEnd ? bytes.end : (ends.at(-1) ?? bytes.start);
    if (bytes.atEnd && ends.at(-1) !== bytes.end && bytes.end > bytes.start) ends.push(bytes.end);
    let parsed = 0;
    for (const { row, problem } of parse(bytes.bytes, bytes.start, ends, delimiter)) {
      parsed++;
      const at = cells.length;
      const start = line;
      line += 1;
      for (const field of row) if (field.includes("\n")) line += field.split("\n").length - 1;
      if (problem === undefined && (row.length === 1 || delimiter === " " || delimiter === "\t") && row.every(isBlank)) continue;
      log.read(1);
      const isCut = bytes.atEnd && parsed === ends.length && bytes.bytes[to - 1] !== LF && row.length < fields.length;
      const refused = problem ?? (isCut ? CUT_SHORT : decode(row, at, fields));
      if (refused !== undefined) {
        for (const column of columns) column.missing[at] = 0;
        log.reject(start, joined(row, delimiter), refused);
        continue;
      }
      rows[at] = row;
      lines[at] = start;
      cells.length++;
      if (cells.length === ROWS) {
        yield cells;
        cells.length = 0;
        for (const column of columns) column.clear();
      }
    }
    if (cells.length > 0) yield cells;
    cells.length = 0;
    for (const column of columns) column.clear();
    bytes.start = to;
  } while (!bytes.atEnd || bytes.start < bytes.end);
}

const isBlank = (field: string): boolean => /^[ \t\r]*$/.test(field);

/** Cells of a row; says what is wrong with it otherwise. */
function decode(row: readonly string[], at: number, fields: readonly (CellColumn | undefined)[]): string | undefined {
  for (const field of row) if (field.includes("\0")) return "contains a NUL byte";
  for (let f = 0; f < fields.length; f++) {
    const problem = f < row.length ? fields[f]?.put(at, row[f]) : fields[f]?.putNothing(at);
    if (problem !== undefined) return problem;
  }
  for (let f = fields.length; f < row.length; f++) {
    if (row[f].trim() !== "") return `has ${row.length} fields, and the header ${fields.length}`;
  }
  return undefined;
}

interface ParsedRow {
  readonly row: readonly string[];
  readonly problem: string | undefined;
}

/** Where something is wrong with the quotes, every row is parsed on its own, so that none swallows its neighbours. */
function* parse(bytes: Buffer, start: number, ends: readonly number[], delimiter: string): Iterable<ParsedRow> {
  if (ends.length === 0) return;
  const all = parseText(bytes, start, ends.at(-1) ?? start, delimiter);
  if (all.errors.length === 0 && all.data.length === ends.length) {
    for (const row of all.data) yield { row, problem: undefined };
    return;
  }
  let from = start;
  for (const end of ends) {
    const { data, errors } = parseText(bytes, from, end, delimiter);
    const problem = errors.length > 0 || data.length > 1 ? "has misplaced or unclosed quotes" : undefined;
    yield { row: problem === undefined ? (data[0] ?? [""]) : [textOf(bytes, from, end).trimEnd()], problem };
    from = end;
  }
}

function parseText(bytes: Buffer, from: number, to: number, delimiter: string): Papa.ParseResult<string[]> {
  const text = textOf(bytes, from, to).replaceAll("\r\n", "\n");
  return Papa.parse<string[]>(text.endsWith("\n") ? text.slice(0, -1) : text, { delimiter, newline: "\n" });
}

/** Positions behind the line feeds that end a row: those outside quotes. A quote opens where a field starts. */
function rowEnds(bytes: Buffer, from: number, to: number, delimiter: number): number[] {
  const ends: number[] = [];
  let fieldStart = true;
  for (let p = from; p < to; p++) {
    const c = bytes[p];
    if (c === QUOTE && fieldStart) {
      p = closingQuote(bytes, p + 1, to);
      fieldStart = false;
    } else if (c === LF) {
      ends.push(p + 1);
      fieldStart = true;
    } else fieldStart = c === delimiter;
  }
  return ends;
}

/** A doubled quote stands for one; `to` where the quote is never closed. */
function closingQuote(bytes: Buffer, from: number, to: number): number {
  for (let p = from; p < to; p++) {
    if (bytes[p] !== QUOTE) continue;
    if (bytes[p + 1] !== QUOTE || p + 1 === to) return p;
    p++;
  }
  return to;
}

/** A row as text again. */
function joined(row: readonly string[], delimiter: string): string {
  const last = row.length - 1;
  return row
    .map((field, i) => (i === last ? field.replace(/\r$/, "") : field))
    .map((field) => (field.includes(delimiter) || /["\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(delimiter);
}
