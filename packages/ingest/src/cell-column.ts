import type { TimeUnit } from "./ingest-plan.ts";
import { parsed, parseNumber } from "./number-text.ts";
import { parseTimeCell } from "./time-cell.ts";
import { WordTable } from "./word-table.ts";

/** A column that a row kind reads. */
export interface ColumnSpec {
  readonly name: string;
  readonly about: string;
  /** Other names, lower case. A time column may have its unit behind any of its names: `timestamp_us`. */
  readonly aliases: readonly string[];
  /**
   * time: whole ns. number: 0 … 2^64 − 1, decimal unless it has 0x. hash: the same, hexadecimal without 0x. address: a
   * number that is canonical for 48 or 57 bits. word: text.
   */
  readonly value: "time" | "number" | "hash" | "address" | "word";
  /** Unit of a time column whose name does not say it; without it ns, which is noted. */
  readonly unit?: TimeUnit;
  /** Every source must have the column, and every row fill it. */
  readonly required?: boolean;
  /** Where a source has the column, every row must fill it. */
  readonly filled?: boolean;
  /** Smallest and largest number. */
  readonly min?: number;
  readonly max?: number;
  /** The words there are, lower case, and their numbers. Without it any word is taken and numbered. */
  readonly words?: ReadonlyMap<string, number>;
}

/** How a column of one source is written. */
export interface ColumnWriting {
  /** Its name in the source. */
  readonly header: string;
  readonly hex: boolean;
  readonly nsPer: number;
  /** The source or the plan names the unit; otherwise ns is taken for it. */
  readonly unitKnown: boolean;
  readonly originNs: number;
}

/** Room for the cells of a column; a kind of column uses its own arrays, and the others have no elements. */
export interface ColumnArrays {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly time: Float64Array;
  readonly code: Uint32Array;
  readonly missing: Uint8Array;
}

/** Arrays for a column of this kind, each in a memory of its own. */
export function columnArrays(
  { value }: ColumnSpec,
  capacity: number,
  memory: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): ColumnArrays {
  const numbers = value === "number" || value === "hash" || value === "address" ? capacity : 0;
  return {
    hi: new Uint32Array(memory(4 * numbers)),
    lo: new Uint32Array(memory(4 * numbers)),
    time: new Float64Array(memory(value === "time" ? 8 * capacity : 0)),
    code: new Uint32Array(memory(value === "word" ? 4 * capacity : 0)),
    missing: new Uint8Array(memory(capacity)),
  };
}

/** Copies the first cells of a column to where there is room for as many; `anyMissing`: some of them may be empty. */
export function copyCells(from: ColumnArrays, to: ColumnArrays, length: number, anyMissing: boolean): void {
  if (to.hi.length > 0) to.hi.set(from.hi.subarray(0, length));
  if (to.lo.length > 0) to.lo.set(from.lo.subarray(0, length));
  if (to.time.length > 0) to.time.set(from.time.subarray(0, length));
  if (to.code.length > 0) to.code.set(from.code.subarray(0, length));
  if (anyMissing) to.missing.set(from.missing.subarray(0, length));
}

/** A number with digits behind its point, or an exponent below zero, and no unit. */
const FRACTION = /^\d*\.\d*[1-9]\d*(?:e[+-]?\d+)?$|^[\d.]+e-\d+$/i;

/** One column's decoded cells: numbers in `hi` and `lo`, times in `time`, words in `code`. */
export class CellColumn {
  readonly spec: ColumnSpec;
  readonly header: string;
  readonly hex: boolean;
  readonly nsPer: number;
  readonly unitKnown: boolean;
  readonly originNs: number;
  /** Smallest `lo`, where `hi` is 0, and largest value, in halves. */
  readonly minLo: number;
  readonly maxHi: number;
  readonly maxLo: number;
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly time: Float64Array;
  readonly code: Uint32Array;
  /** An empty cell is a mistake. */
  required: boolean;
  /** 1 where the cell is empty. */
  readonly missing: Uint8Array;
  anyMissing = false;
  readonly words: WordTable;

  constructor(spec: ColumnSpec, writing: ColumnWriting, arrays: ColumnArrays) {
    this.spec = spec;
    this.header = writing.header;
    this.hex = writing.hex || spec.value === "hash";
    this.nsPer = writing.nsPer;
    this.unitKnown = writing.unitKnown;
    this.originNs = writing.originNs;
    this.minLo = spec.min ?? 0;
    this.maxHi = spec.max === undefined ? 0xffff_ffff : Math.floor(spec.max / 2 ** 32);
    this.maxLo = spec.max === undefined ? 0xffff_ffff : spec.max % 2 ** 32;
    this.required = spec.required === true || spec.filled === true;
    this.hi = arrays.hi;
    this.lo = arrays.lo;
    this.time = arrays.time;
    this.code = arrays.code;
    this.missing = arrays.missing;
    this.words = new WordTable(spec.words);
  }

  /** Decodes a cell; says what is wrong with it otherwise. */
  put(row: number, text: string): string | undefined {
    const cell = text.trim();
    if (cell === "") return this.putNothing(row);
    const problem = this.#decode(row, cell);
    return problem === undefined ? undefined : this.refusal(cell, problem);
  }

  /** The reason to refuse a row: this column, what it says, what is wrong with that. */
  refusal(cell: string, problem: string): string {
    return `column ${this.header}: "${shorten(cell)}" ${problem}`;
  }

  putNothing(row: number): string | undefined {
    if (this.required) return `column ${this.header}: is empty`;
    this.missing[row] = 1;
    this.anyMissing = true;
    if (this.spec.value === "word") this.code[row] = 0;
    return undefined;
  }

  /** Takes a number already in halves; says what is wrong with it otherwise. */
  putHalves(row: number, hi: number, lo: number): string | undefined {
    const problem = this.#outside(hi, lo);
    if (problem !== undefined) return problem;
    this.hi[row] = hi;
    this.lo[row] = lo;
    return undefined;
  }

  /** Before the next batch. */
  clear(): void {
    if (this.anyMissing) this.missing.fill(0);
    this.anyMissing = false;
  }

  #decode(row: number, cell: string): string | undefined {
    switch (this.spec.value) {
      case "time": {
        if (!this.unitKnown && FRACTION.test(cell)) return "has a fraction, and nothing says its unit (say --time-unit s, ms or us)";
        const time = parseTimeCell(cell, this.nsPer, this.originNs);
        if (typeof time === "string") return time;
        this.time[row] = time;
        return undefined;
      }
      case "word": {
        const code = this.words.codeOf(cell);
        if (code < 0) return this.#notAWord();
        this.code[row] = code;
        return undefined;
      }
      default:
        return parseNumber(cell, this.hex) ?? this.putHalves(row, parsed.hi, parsed.lo);
    }
  }

  #notAWord(): string {
    const { words } = this.spec;
    return words === undefined
      ? "is one more than the 65,535 different words a column may have"
      : `is not known here (expected one of ${[...words.keys()].join(", ")})`;
  }

  #outside(hi: number, lo: number): string | undefined {
    if (hi > this.maxHi || (hi === this.maxHi && lo > this.maxLo)) return `is more than ${this.spec.max}`;
    if (hi === 0 && lo < this.minLo) return `is less than ${this.spec.min}`;
    const top = hi >>> 24;
    if (this.spec.value === "address" && top !== 0 && top !== 0xff) return "is not a canonical address (bits 63 to 56 must be equal)";
    return undefined;
  }
}

const shorten = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}...`);
