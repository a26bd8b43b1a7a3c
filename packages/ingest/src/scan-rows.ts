import type { CellColumn } from "./cell-column.ts";
import { FIELD_BYTES, type PlacedColumn, type ScanMemory } from "./scan-memory.ts";
import { textOf } from "./word-table.ts";

const LF = 10;
const CR = 13;
const SPACE = 32;
const BLOCK = 1 << 14;

/** Operations and flags of wasm/scan-rows.ts, and where they stand in a field's record. */
const SKIP = 0;
const OPS = { time: 1, number: 2, hash: 2, address: 2, word: 3 } as const;
const HEX = 1;
const REQUIRED = 2;
const CANONICAL = 4;
const AT = {
  op: 0,
  flags: 4,
  out: 8,
  outHi: 12,
  missing: 16,
  anyMissing: 20,
  min: 24,
  max: 32,
  nsPer: 40,
  origin: 48,
  decimals: 56,
  words: 68,
  long: 72,
  letters: 76,
} as const;

/** What becomes of a row that cannot be kept. */
export type RefuseRow = (line: number, text: string, reason: string) => void;

/** A field of the rows: what takes it and where that lies; undefined: nobody does. */
export type ScannedField = { readonly column: CellColumn; readonly placed: PlacedColumn } | undefined;

/**
 * Scans plain rows (no quotes) of a text that lies in a scanner's memory. What is not plain, one row in thousands, is split
 * and decoded as text here: words met for the first time, blanks, units, mistakes.
 */
export class RowScanner implements LineJumps {
  length = 0;
  /** Rows kept so far that have fewer fields than there are. */
  shortRows = 0;
  /** Line of the next row. */
  line: number;
  readonly #memory: ScanMemory;
  readonly #fields: readonly ScannedField[];
  readonly #delimiter: number;
  readonly #refuse: RefuseRow;
  /** Rows whose line is not the one after the row before, and their lines. */
  jumpRows: number[] = [];
  jumpLines: number[] = [];

  constructor(memory: ScanMemory, fields: readonly ScannedField[], delimiter: number, line: number, refuse: RefuseRow) {
    this.#memory = memory;
    this.#fields = fields;
    this.#delimiter = delimiter;
    this.line = line;
    this.#refuse = refuse;
    fields.forEach((field, f) => this.#describe(memory.fields + f * FIELD_BYTES, field));
  }

  lineOf(row: number): number {
    return lineOfRow(this, row);
  }

  /** Where a row's text starts in the bytes scanned. */
  startOf(row: number): number {
    return this.#memory.starts[row];
  }

  /** Begins a new batch. */
  clear(): void {
    this.length = 0;
    this.jumpRows = [];
    this.jumpLines = [];
    this.#fields.forEach((field, f) => {
      if (field === undefined) return;
      field.column.clear();
      this.#memory.view.setUint32(this.#memory.fields + f * FIELD_BYTES + AT.anyMissing, 0, true);
    });
  }

  /** Scans the lines of `bytes[from, to)`, the last of which has its end, until the batch is full. Returns where it stopped. */
  scan(bytes: Buffer, from: number, to: number): number {
    const { text, rows: capacity } = this.#memory;
    const inMemory = bytes.buffer === text.buffer;
    let p = from;
    while (p < to && this.length < capacity) {
      const nul = bytes.subarray(p, to).indexOf(0);
      const plainTo = !inMemory ? p : nul < 0 ? to : bytes.lastIndexOf(LF, p + nul) + 1;
      while (p < plainTo && this.length < capacity) p = this.#scanBlock(bytes, p, blockEnd(bytes, p, plainTo));
      if (p >= to || this.length === capacity) break;
      const end = bytes.indexOf(LF, p);
      this.#readRow(bytes, p, end, nul >= 0);
      p = end + 1;
    }
    this.#fields.forEach((field, f) => {
      if (field !== undefined && this.#memory.view.getUint32(this.#memory.fields + f * FIELD_BYTES + AT.anyMissing, true) === 1)
        field.column.anyMissing = true;
    });
    return p;
  }

  /** The same for lines without a NUL byte in the scanner's memory. */
  #scanBlock(bytes: Buffer, from: number, to: number): number {
    const { exports, rows: capacity, places, starts, fields } = this.#memory;
    const base = bytes.byteOffset;
    exports.findEnds(base + from, base + to, this.#delimiter, places.byteOffset);
    let place = places.byteOffset;
    let p = from;
    for (;;) {
      this.#noteLine();
      const before = this.length;
      p = exports.scan(base + p, base + to, place, before, capacity, fields, this.#fields.length, starts.byteOffset) - base;
      this.length = exports.scannedRows();
      this.line += this.length - before;
      if (p >= to || this.length === capacity) return p;
      const end = bytes.indexOf(LF, p);
      this.#readRow(bytes, p, end, false);
      p = end + 1;
      if (p >= to) return p;
      place = exports.scannedPlace();
      while (places[(place - places.byteOffset) >> 2] < base + p) place += 4;
    }
  }

  /** Remembers where the lines of rows stop following each other. */
  #noteLine(): void {
    if (this.jumpRows.length > 0 && this.lineOf(this.length) === this.line) return;
    this.jumpRows.push(this.length);
    this.jumpLines.push(this.line);
  }

  /** One row as text. */
  #readRow(bytes: Buffer, start: number, lf: number, hasNul: boolean): void {
    const end = lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
    this.#noteLine();
    const line = this.line++;
    if (isBlank(bytes, start, end)) return;
    const row = this.length;
    for (const field of this.#fields) if (field !== undefined) field.column.missing[row] = 0;
    const problem = hasNul ? "contains a NUL byte" : this.#decodeRow(bytes, start, end, row);
    if (problem === undefined) {
      this.#memory.starts[row] = inScanned(bytes, start);
      this.length++;
      return;
    }
    for (const field of this.#fields) if (field !== undefined) field.column.missing[row] = 0;
    this.#refuse(line, textOf(bytes, start, end), problem);
  }

  #decodeRow(bytes: Buffer, start: number, end: number, row: number): string | undefined {
    let p = start;
    let count = 0;
    for (; count < this.#fields.length; count++) {
      if (p > end) break;
      let to = p;
      while (to < end && bytes[to] !== this.#delimiter) to++;
      const problem = this.#decodeField(bytes, p, to, row, count);
      if (problem !== undefined) return problem;
      p = to + 1;
    }
    // Missing trailing fields count as empty; fields that the header does not have must be.
    const isShort = count < this.#fields.length;
    for (; count < this.#fields.length; count++) {
      const problem = this.#fields[count]?.column.putNothing(row);
      if (problem !== undefined) return problem;
    }
    if (isShort) this.shortRows++;
    if (p > end) return undefined;
    const rest = textOf(bytes, p, end).split(String.fromCharCode(this.#delimiter));
    return rest.every((field) => field.trim() === "") ? undefined : `has ${count + rest.length} fields, and the header ${count}`;
  }

  #decodeField(bytes: Buffer, from: number, to: number, row: number, f: number): string | undefined {
    const field = this.#fields[f];
    if (field === undefined) return undefined;
    const { column } = field;
    const problem = column.put(row, textOf(bytes, from, to));
    if (problem === undefined && column.spec.value === "word" && column.missing[row] === 0 && bytes.buffer === this.#memory.text.buffer)
      this.#memory.exports.learn(this.#memory.fields + f * FIELD_BYTES, bytes.byteOffset + from, to - from, column.code[row]);
    return problem;
  }

  /** Writes a field's record. */
  #describe(at: number, field: ScannedField): void {
    const { view } = this.#memory;
    if (field === undefined) {
      view.setUint32(at + AT.op, SKIP, true);
      return;
    }
    const { column, placed } = field;
    const { value, min, max } = column.spec;
    const isTime = value === "time";
    view.setUint32(at + AT.op, OPS[value], true);
    view.setUint32(at + AT.flags, (column.hex ? HEX : 0) | (column.required ? REQUIRED : 0) | (value === "address" ? CANONICAL : 0), true);
    view.setUint32(at + AT.out, placed.out, true);
    view.setUint32(at + AT.outHi, placed.outHi, true);
    view.setUint32(at + AT.missing, placed.missingAt, true);
    view.setBigUint64(at + AT.min, BigInt(min ?? 0), true);
    view.setBigUint64(
      at + AT.max,
      isTime ? (2n ** 64n - 1n) / BigInt(column.nsPer) - 1n : max === undefined ? 2n ** 64n - 1n : BigInt(max),
      true,
    );
    view.setBigUint64(at + AT.nsPer, BigInt(column.nsPer), true);
    view.setBigUint64(at + AT.origin, BigInt(column.originNs), true);
    view.setUint32(at + AT.decimals, column.unitKnown ? Math.round(Math.log10(column.nsPer)) : NO_FRACTION, true);
    if (value !== "word") return;
    const { words, long, letters } = this.#memory.reserveWords();
    view.setUint32(at + AT.words, words, true);
    view.setUint32(at + AT.long, long, true);
    view.setUint32(at + AT.letters, letters, true);
  }
}

/** Where the lines of a batch's rows stop following each other. */
export interface LineJumps {
  /** Rows whose line is not the one after the row before, and their lines. */
  readonly jumpRows: readonly number[];
  readonly jumpLines: readonly number[];
}

export function lineOfRow({ jumpRows, jumpLines }: LineJumps, row: number): number {
  let jump = jumpRows.length - 1;
  while (jumpRows[jump] > row) jump--;
  return jumpLines[jump] + row - jumpRows[jump];
}

/** In `decimals`: fractions are decoded as text, which refuses them. */
const NO_FRACTION = 255;

/** About 16 KiB of whole lines: few enough ends of fields to stay close to the core. */
function blockEnd(bytes: Buffer, from: number, to: number): number {
  if (to - from <= BLOCK) return to;
  const lf = bytes.lastIndexOf(LF, from + BLOCK - 1);
  return lf >= from ? lf + 1 : bytes.indexOf(LF, from) + 1;
}

/** Addresses count from the start of the memory that the bytes lie in. */
const inScanned = (bytes: Buffer, at: number): number => bytes.byteOffset + at;

/** The line that starts at `from`, without its end. */
export function lineText(bytes: Buffer, from: number): string {
  const lf = bytes.indexOf(LF, from);
  const end = lf > from && bytes[lf - 1] === CR ? lf - 1 : lf;
  return textOf(bytes, from, end);
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (bytes[p] !== SPACE && bytes[p] !== 9 && bytes[p] !== CR) return false;
  return true;
}
