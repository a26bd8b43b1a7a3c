import { textOf } from "./word-table.ts";
import type { ByteWindow } from "./byte-window.ts";
import type { MeasuredSamples } from "./measured-samples.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** A row of which only some columns were wanted. Reused: read it before the next one. */
export interface ProjectedRow {
  line: number;
  /** How many fields it has in all; one whose quote is not closed does not count. */
  fields: number;
  /** The wanted ones, in the order in which they were wanted; "" where the row is too short. */
  readonly cells: string[];
}

/** The first line that says something, without its end and a byte order mark; undefined where there is none. */
export async function firstLine(bytes: ByteWindow): Promise<{ readonly line: number; readonly text: string } | undefined> {
  for (let line = 1; ; line++) {
    const to = await lineEnd(bytes);
    if (to === undefined) return undefined;
    const text = textOf(bytes.bytes, bytes.start, to)
      .replace(/^\uFEFF/, "")
      .replace(/\r?\n?$/, "");
    bytes.start = to;
    if (text.trim() !== "" && !text.startsWith("#")) return { line, text };
  }
}

/**
 * Rows of a CSV of any width, of which only the columns `wanted` (ascending) are made into strings: a row of 50,000 fields costs a walk over its
 * bytes. A line end ends a row, inside quotes too. Empty lines are passed over; `after` is the number of the line before.
 */
export async function* projectedRows(
  bytes: ByteWindow,
  after: number,
  delimiter: number,
  wanted: readonly number[],
): AsyncGenerator<ProjectedRow> {
  const row: ProjectedRow = { line: after, fields: 0, cells: [] };
  for (let to = await lineEnd(bytes); to !== undefined; to = await lineEnd(bytes)) {
    row.line++;
    let end = to;
    while (end > bytes.start && (bytes.bytes[end - 1] === LF || bytes.bytes[end - 1] === CR)) end--;
    const isEmpty = end === bytes.start;
    if (!isEmpty) split(bytes.bytes, bytes.start, end, delimiter, wanted, row);
    bytes.start = to;
    if (!isEmpty) yield row;
  }
}

/** Rows that are as long as the header. The last one may have been cut short, when the capture was stopped: it is left out, and that is noted. */
export async function* wholeRows(
  rows: AsyncIterable<ProjectedRow>,
  columns: number,
  samples: MeasuredSamples,
): AsyncGenerator<ProjectedRow> {
  let short: { readonly line: number; readonly fields: number } | undefined;
  for await (const row of rows) {
    if (short !== undefined) samples.refuse(short.line, `has ${short.fields} fields, and the header ${columns}; is the file damaged?`);
    if (row.fields > columns) samples.refuse(row.line, `has ${row.fields} fields, and the header ${columns}; is the file damaged?`);
    if (row.fields === columns) yield row;
    else short = { line: row.line, fields: row.fields };
  }
  if (short !== undefined) samples.note(`line ${short.line}, the last one, is cut short and left out`);
}

/** Position behind the next line feed, or the end of the last line; undefined at the end. */
async function lineEnd(bytes: ByteWindow): Promise<number | undefined> {
  for (let searched = 0; ;) {
    const at = bytes.bytes.indexOf(LF, bytes.start + searched);
    if (at >= 0 && at < bytes.end) return at + 1;
    searched = bytes.end - bytes.start;
    if (bytes.atEnd) return searched > 0 ? bytes.end : undefined;
    await bytes.fill();
  }
}

function split(b: Uint8Array, start: number, end: number, delimiter: number, wanted: readonly number[], row: ProjectedRow): void {
  const { cells } = row;
  cells.length = 0;
  let field = 0;
  let isOpen = false;
  for (let p = start; p <= end; p++, field++) {
    const isQuoted = b[p] === QUOTE && p < end;
    const from = isQuoted ? p + 1 : p;
    let hasDoubled = false;
    if (isQuoted) {
      p++;
      while (p < end && (b[p] !== QUOTE || (p + 1 < end && b[p + 1] === QUOTE))) {
        if (b[p] === QUOTE) {
          hasDoubled = true;
          p++;
        }
        p++;
      }
    }
    const closed = p;
    isOpen = isQuoted && p >= end;
    while (p < end && b[p] !== delimiter) p++;
    if (field !== wanted[cells.length]) continue;
    const text = textOf(b, from, isQuoted ? closed : p);
    cells.push(hasDoubled ? text.replaceAll('""', '"') : text);
  }
  row.fields = isOpen ? field - 1 : field;
  while (cells.length < wanted.length) cells.push("");
}
