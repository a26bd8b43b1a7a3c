import Papa from "papaparse";
import type { ByteWindow } from "./byte-window.ts";
import type { CellBatch } from "./cell-batch.ts";
import type { CellColumn } from "./cell-column.ts";
import type { RowLog } from "./format.ts";
import { CUT_SHORT, type TextTable } from "./text-table.ts";
import { textOf } from "./word-table.ts";

const LF = 10;
const QUOTE = 34;
/** Rows parsed at a time: their strings are garbage before they are old. */
const GROUP = 1024;

/** The rows of a text table with quotes (RFC 4180) or an odd delimiter, parsed by papaparse a group at a time. */
export async function* quotedRows(
  bytes: ByteWindow,
  table: TextTable,
  fields: readonly (CellColumn | undefined)[],
  log: RowLog,
): AsyncGenerator<CellBatch> {
  const { delimiter } = table;
  const group = new RowGroup(table, fields, log);
  do {
    await bytes.fill();
    const ends = rowEnds(bytes.bytes, bytes.start, bytes.end, delimiter.charCodeAt(0));
    const to = bytes.atEnd ? bytes.end : (ends.at(-1) ?? bytes.start);
    const lacksEnd = bytes.atEnd && ends.at(-1) !== bytes.end && bytes.end > bytes.start;
    if (lacksEnd) ends.push(bytes.end);
    for (let at = 0; at < ends.length; at += GROUP) {
      const from = ends[at - 1] ?? bytes.start;
      group.take(bytes.bytes, from, ends.slice(at, at + GROUP), lacksEnd && at + GROUP >= ends.length);
      if (group.length > 0) yield group;
    }
    bytes.start = to;
  } while (!bytes.atEnd || bytes.start < bytes.end);
  log.short(group.shortRows);
}

/** The rows of one group that are taken. */
class RowGroup implements CellBatch {
  length = 0;
  /** Rows kept so far that have fewer fields than there are. */
  shortRows = 0;
  readonly columns: readonly CellColumn[];
  readonly #fields: readonly (CellColumn | undefined)[];
  readonly #delimiter: string;
  readonly #log: RowLog;
  readonly #rows: (readonly string[])[] = [];
  readonly #lines = new Float64Array(GROUP);
  #line: number;

  constructor({ delimiter, line }: TextTable, fields: readonly (CellColumn | undefined)[], log: RowLog) {
    this.columns = fields.filter((column) => column !== undefined);
    this.#fields = fields;
    this.#delimiter = delimiter;
    this.#line = line;
    this.#log = log;
  }

  lineOf(row: number): number {
    return this.#lines[row];
  }

  textOf(row: number): string {
    return joined(this.#rows[row], this.#delimiter);
  }

  /** Replaces the group by the rows that end at `ends`; `isCut`: the last of them has no line end. */
  take(bytes: Buffer, from: number, ends: readonly number[], isCut: boolean): void {
    this.length = 0;
    for (const column of this.columns) column.clear();
    const hasNul = bytes.subarray(from, ends.at(-1)).includes(0);
    const { rows, problems } = parse(bytes, from, ends, this.#delimiter);
    for (let i = 0; i < rows.length; i++) this.#takeRow(rows[i], problems?.[i], hasNul, isCut && i === rows.length - 1);
  }

  #takeRow(row: readonly string[], problem: string | undefined, hasNul: boolean, isCut: boolean): void {
    const line = this.#line++;
    for (const field of row) if (field.includes("\n")) this.#line += field.split("\n").length - 1;
    if (problem === undefined && (row.length === 1 || this.#delimiter === " " || this.#delimiter === "\t") && row.every(isBlank)) return;
    this.#log.read(1);
    const refused = problem ?? (isCut && row.length < this.#fields.length ? CUT_SHORT : this.#decode(row, hasNul));
    if (refused !== undefined) {
      for (const column of this.columns) column.missing[this.length] = 0;
      this.#log.reject(line, joined(row, this.#delimiter), refused);
      return;
    }
    if (row.length < this.#fields.length) this.shortRows++;
    this.#rows[this.length] = row;
    this.#lines[this.length] = line;
    this.length++;
  }

  /** Cells of a row; says what is wrong with it otherwise. */
  #decode(row: readonly string[], hasNul: boolean): string | undefined {
    if (hasNul && row.some((field) => field.includes("\0"))) return "contains a NUL byte";
    const fields = this.#fields;
    for (let f = 0; f < fields.length; f++) {
      const problem = f < row.length ? fields[f]?.put(this.length, row[f]) : fields[f]?.putNothing(this.length);
      if (problem !== undefined) return problem;
    }
    for (let f = fields.length; f < row.length; f++) {
      if (row[f].trim() !== "") return `has ${row.length} fields, and the header ${fields.length}`;
    }
    return undefined;
  }
}

const isBlank = (field: string): boolean => /^[ \t\r]*$/.test(field);

interface ParsedRows {
  readonly rows: readonly (readonly string[])[];
  /** By row; undefined where nothing is wrong with any. */
  readonly problems: readonly (string | undefined)[] | undefined;
}

/** Where something is wrong with the quotes, every row is parsed on its own, so that none swallows its neighbours. */
function parse(bytes: Buffer, start: number, ends: readonly number[], delimiter: string): ParsedRows {
  const all = parseText(bytes, start, ends.at(-1) ?? start, delimiter);
  if (all.errors.length === 0 && all.data.length === ends.length) return { rows: all.data, problems: undefined };
  const rows: (readonly string[])[] = [];
  const problems: (string | undefined)[] = [];
  let from = start;
  for (const end of ends) {
    const { data, errors } = parseText(bytes, from, end, delimiter);
    const problem = errors.length > 0 || data.length > 1 ? "has misplaced or unclosed quotes" : undefined;
    rows.push(problem === undefined ? (data[0] ?? [""]) : [textOf(bytes, from, end).trimEnd()]);
    problems.push(problem);
    from = end;
  }
  return { rows, problems };
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
