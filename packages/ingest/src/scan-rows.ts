import type { CellColumn } from "./cell-column.ts";
import { textOf } from "./word-table.ts";

/** How the fields of a row follow each other. */
export interface RowLayout {
  /** One character below 128. */
  readonly delimiter: number;
  /** Per field the column that takes it; undefined: nobody does. */
  readonly fields: readonly (CellColumn | undefined)[];
  /** The row kind's columns, each of which stands in `fields`. */
  readonly columns: readonly CellColumn[];
}

/** Where scanned rows go. */
export interface RowTarget {
  length: number;
  readonly capacity: number;
  /** Line of the next row. */
  line: number;
  /** Lines of the rows, and where their text starts. */
  readonly lines: Float64Array;
  readonly starts: Int32Array;
  reject(line: number, text: string, reason: string): void;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const SKIP = 0;
const TIME = 1;
const NUMBER = 2;
const ADDRESS = 3;
const WORD = 4;
const OPS = { time: TIME, number: NUMBER, hash: NUMBER, address: ADDRESS, word: WORD } as const;
const POW10 = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
/** Value of a hexadecimal digit; 16 for every other byte. */
const HEX = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

/** A reader of plain rows (no quotes) for one layout: decodes numbers without making a string of them. */
export function rowScanner(layout: RowLayout): (bytes: Buffer, from: number, to: number, target: RowTarget) => number {
  const { delimiter, fields, columns } = layout;
  const ops = Uint8Array.from(fields, (column) => (column === undefined ? SKIP : OPS[column.spec.value]));
  const n = fields.length;
  // Every field has its column's arrays at its own index, or empty ones.
  const hi = fields.map((column) => column?.hi ?? new Uint32Array(0));
  const lo = fields.map((column) => column?.lo ?? new Uint32Array(0));
  const time = fields.map((column) => column?.time ?? new Float64Array(0));
  const code = fields.map((column) => column?.code ?? new Uint32Array(0));
  const hex = Uint8Array.from(fields, (column) => (column?.hex === true ? 1 : 0));
  const maxHi = Uint32Array.from(fields, (column) => column?.maxHi ?? 0);
  const maxLo = Uint32Array.from(fields, (column) => column?.maxLo ?? 0);
  const minLo = Uint32Array.from(fields, (column) => column?.minLo ?? 0);
  const plainTime = Uint8Array.from(fields, (column) => (column?.nsPer === 1 && column.originNs === 0 ? 1 : 0));
  const single = fields.map((column) => column?.words.single ?? new Int32Array(0));

  /** Scans the complete lines of `[from, to)` until the target is full; `bytes[to - 1]` is a line feed. Returns where it stopped. */
  return (bytes, from, to, target) => {
    const { lines, starts, capacity } = target;
    const anyNul = bytes.subarray(from, to).includes(0);
    let row = target.length;
    let line = target.line;
    let p = from;
    while (p < to && row < capacity) {
      const start = p;
      let problem: string | undefined;
      if (bytes[p] <= SPACE && isBlank(bytes, p)) {
        p = bytes.indexOf(LF, p) + 1;
        line++;
        continue;
      }
      if (anyNul && bytes.subarray(p, bytes.indexOf(LF, p)).includes(0)) problem = "contains a NUL byte";
      let f = 0;
      for (; f < n && problem === undefined; f++) {
        const from = p;
        let plain = false;
        switch (ops[f]) {
          case TIME: {
            let a = 0;
            let digit = bytes[p] - 48;
            const stop = p + 9;
            while (digit >= 0 && digit <= 9 && p < stop) {
              a = a * 10 + digit;
              digit = bytes[++p] - 48;
            }
            let b = 0;
            const middle = p;
            while (digit >= 0 && digit <= 9 && p < middle + 6) {
              b = b * 10 + digit;
              digit = bytes[++p] - 48;
            }
            plain = p > from && plainTime[f] === 1;
            time[f][row] = a * POW10[p - middle] + b;
            break;
          }
          case NUMBER:
          case ADDRESS: {
            let h = 0;
            let l = 0;
            if (bytes[p] === 48 && (bytes[p + 1] | 32) === 120) p += 2;
            if (p > from || hex[f] === 1) {
              const first = p;
              let digit = HEX[bytes[p]];
              while (digit < 16) {
                h = (h << 4) | (l >>> 28);
                l = (l << 4) | digit;
                digit = HEX[bytes[++p]];
              }
              plain = p > first && p <= first + 16;
            } else {
              let digit = bytes[p] - 48;
              const stop = p + 9;
              while (digit >= 0 && digit <= 9 && p < stop) {
                l = l * 10 + digit;
                digit = bytes[++p] - 48;
              }
              plain = p > from;
            }
            h >>>= 0;
            l >>>= 0;
            if (h >= maxHi[f] && (h > maxHi[f] || l > maxLo[f])) plain = false;
            else if (h === 0 && l < minLo[f]) plain = false;
            else if (ops[f] === ADDRESS && h >>> 24 !== 0 && h >>> 24 !== 0xff) plain = false;
            hi[f][row] = h;
            lo[f][row] = l;
            break;
          }
          case WORD: {
            let c = bytes[p];
            while (c !== delimiter && c !== LF) c = bytes[++p];
            if (c === LF && p > from && bytes[p - 1] === CR) p--;
            if (p > from) {
              const known = p === from + 1 ? single[f][bytes[from]] : -1;
              const word = known >= 0 ? known : (fields[f] as CellColumn).words.codeOfBytes(bytes, from, p);
              if (word > 0) {
                code[f][row] = word;
                plain = true;
              } else if (word === 0 && (fields[f] as CellColumn).spec.words !== undefined) {
                code[f][row] = 0;
                plain = true;
              }
            }
            break;
          }
          default: {
            let c = bytes[p];
            while (c !== delimiter && c !== LF) c = bytes[++p];
            plain = true;
          }
        }
        let c = bytes[p];
        if (plain && c === delimiter) {
          p++;
          continue;
        }
        if (!plain || !(c === LF || (c === CR && bytes[p + 1] === LF))) {
          // Not what most rows look like: decode the field as text, which also finds the words for what is wrong.
          p = fieldEnd(bytes, from, delimiter);
          problem = fields[f]?.put(row, textOf(bytes, from, p));
          c = bytes[p];
          if (c === delimiter) {
            p++;
            continue;
          }
        }
        f++;
        break;
      }
      // `f` fields are read; the byte before `p` is a delimiter, or `p` is at the end of the line.
      if (problem === undefined) {
        if (f < n) problem = missingFields(fields, f, row);
        else if (bytes[p - 1] === delimiter && p > start) problem = extraFields(bytes, p, delimiter, n);
      }
      const end = bytes[p] === LF ? p : bytes.indexOf(LF, p);
      if (problem === undefined) {
        lines[row] = line;
        starts[row] = start;
        row++;
      } else {
        for (const column of columns) column.missing[row] = 0;
        target.reject(line, lineText(bytes, start), problem);
      }
      line++;
      p = end + 1;
    }
    target.length = row;
    target.line = line;
    return p;
  };
}

/** The line that starts at `from`, without its end. */
export function lineText(bytes: Buffer, from: number): string {
  const lf = bytes.indexOf(LF, from);
  const end = lf > from && bytes[lf - 1] === CR ? lf - 1 : lf;
  return textOf(bytes, from, end);
}

function isBlank(bytes: Buffer, from: number): boolean {
  let p = from;
  while (bytes[p] === SPACE || bytes[p] === 9 || bytes[p] === CR) p++;
  return bytes[p] === LF;
}

function fieldEnd(bytes: Buffer, from: number, delimiter: number): number {
  let p = from;
  while (bytes[p] !== delimiter && bytes[p] !== LF) p++;
  return bytes[p] === LF && p > from && bytes[p - 1] === CR ? p - 1 : p;
}

/** Missing trailing fields count as empty. */
function missingFields(fields: readonly (CellColumn | undefined)[], from: number, row: number): string | undefined {
  for (let f = from; f < fields.length; f++) {
    const problem = fields[f]?.putNothing(row);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** More fields than the header has: they must be empty. */
function extraFields(bytes: Buffer, from: number, delimiter: number, expected: number): string | undefined {
  const rest = lineText(bytes, from).split(String.fromCharCode(delimiter));
  return rest.every((field) => field.trim() === "") ? undefined : `has ${expected + rest.length} fields, and the header ${expected}`;
}
