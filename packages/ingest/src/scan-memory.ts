import type { ColumnArrays, ColumnSpec } from "./cell-column.ts";
import { scanRowsInstance, type ScanRowsExports } from "./wasm-module.ts";

/** Sizes that wasm/scan-rows.ts fixes. */
export const FIELD_BYTES = 80;
const WORDS_BYTES = 64 * 20;
const LONG_BYTES = 256;
const LETTERS_BYTES = 256 * 4;
/** Below it are the scanner's own constants. */
const FIRST = 8192;
/** Vector loads reach this far beyond the text, on both sides. */
const MARGIN = 64;

/** Where the arrays of a column lie. */
export interface PlacedColumn extends ColumnArrays {
  readonly out: number;
  readonly outHi: number;
  readonly missingAt: number;
}

/**
 * The memory of one scanner: a record per field, the columns, the text. Sized when the header is known, and never grown,
 * so that views on it stay valid.
 */
export class ScanMemory {
  readonly exports: ScanRowsExports;
  readonly view: DataView;
  /** Room for text. */
  readonly text: Buffer;
  readonly fields: number;
  readonly starts: Uint32Array;
  /** Addresses of the ends of fields. */
  readonly places: Uint32Array;
  readonly rows: number;
  readonly #buffer: ArrayBufferLike;
  #free: number;

  constructor(fieldCount: number, columnCount: number, rows: number, textBytes: number) {
    const perColumn = rows * 9 + WORDS_BYTES + LONG_BYTES + LETTERS_BYTES + 64;
    const bytes = FIRST + fieldCount * FIELD_BYTES + rows * 4 + textBytes * 4 + columnCount * perColumn + textBytes + 1 + 3 * MARGIN + 64;
    const { memory, exports } = scanRowsInstance(bytes);
    this.exports = exports;
    this.rows = rows;
    this.#buffer = memory.buffer;
    this.view = new DataView(this.#buffer);
    this.#free = FIRST;
    this.fields = this.reserve(fieldCount * FIELD_BYTES);
    this.starts = new Uint32Array(this.#buffer, this.reserve(rows * 4), rows);
    this.places = new Uint32Array(this.#buffer, this.reserve(textBytes * 4 + MARGIN), textBytes);
    this.text = Buffer.from(this.#buffer, this.reserve(textBytes + 1 + 2 * MARGIN) + MARGIN, textBytes + 1);
  }

  /** Address of `bytes` more bytes. */
  reserve(bytes: number): number {
    const at = this.#free;
    this.#free += (bytes + 7) & ~7;
    return at;
  }

  /** Tables for the words of a field: short ones, the last long one, letters. */
  reserveWords(): { readonly words: number; readonly long: number; readonly letters: number } {
    return { words: this.reserve(WORDS_BYTES), long: this.reserve(LONG_BYTES), letters: this.reserve(LETTERS_BYTES) };
  }

  /** Arrays for a column of this kind. */
  place(spec: ColumnSpec): PlacedColumn {
    const isTime = spec.value === "time";
    const isNumber = !isTime && spec.value !== "word";
    const out = this.reserve(this.rows * (isTime ? 8 : 4));
    const outHi = this.reserve(isNumber ? this.rows * 4 : 0);
    const missingAt = this.reserve(this.rows);
    const array = (isThere: boolean, at: number): Uint32Array => new Uint32Array(this.#buffer, at, isThere ? this.rows : 0);
    return {
      out,
      outHi,
      missingAt,
      lo: array(isNumber, out),
      hi: array(isNumber, outHi),
      code: array(spec.value === "word", out),
      time: new Float64Array(this.#buffer, out, isTime ? this.rows : 0),
      missing: new Uint8Array(this.#buffer, missingAt, this.rows),
    };
  }
}
