// AssemblyScript (https://www.assemblyscript.org): plain rows of a delimited text → typed columns, without a string.
// A comment //@inline is made a decorator before it is compiled: TypeScript knows none on functions.
// `node packages/ingest/wasm/build.mjs` compiles this file into src/scan-rows-wasm.ts; a test keeps the two together.
//
// Memory, laid out by src/scan-rows.ts: the text, with 16 bytes to spare before it and 64 behind; one record per field (FIELD_BYTES);
// the columns. A row that is not plain (an unknown word, a blank, a mistake of any kind) is left to the caller, which
// decodes it as text: this file only has to recognise what it can decode, and never has to say what is wrong.

import { hexadecimal, isHexadecimal, mask } from "./digits";

// Offsets in a field's record.
const OP: usize = 0; // u32, one of the operations below
const FLAGS: usize = 4; // u32
const OUT: usize = 8; // pointer: low halves, or times, or codes
const OUT_HI: usize = 12; // pointer: high halves
const MISSING: usize = 16; // pointer: one byte per row
const ANY_MISSING: usize = 20; // u32, set by the scanner
const MIN: usize = 24; // u64, inclusive
const MAX: usize = 32; // u64, inclusive; of a time: of its digits before the point
const NS_PER: usize = 40; // u64, ns per unit of time
const ORIGIN: usize = 48; // u64, ns subtracted from every time
const DECIMALS: usize = 56; // u32, digits after the point that a ns has in the unit of time
/** In DECIMALS: a column without a unit takes no fractions; they are left to the caller. */
const NO_FRACTION: usize = 255;
const LONG_LENGTH: usize = 60; // u32, length of the long word below
const LONG_CODE: usize = 64; // u32
const WORDS: usize = 68; // pointer: WORD_SLOTS slots of 16 bytes of word and 4 of code + 1
const LONG: usize = 72; // pointer: the last word of more than 16 bytes
const LETTERS: usize = 76; // pointer: by byte, code + 1 of the words of one letter
const FIELD_BYTES: i32 = 80;
const WORD_SLOTS: i32 = 64;
const WORD_BYTES: i32 = 20;
const LONG_BYTES: i32 = 256;

const SKIP: u32 = 0;
const TIME: u32 = 1;
const NUMBER: u32 = 2;
const WORD: u32 = 3;

// Bits of FLAGS.
const HEX: u32 = 1; // digits without 0x are hexadecimal
const REQUIRED: u32 = 2; // an empty cell is a mistake
const CANONICAL: u32 = 4; // bits 63 to 56 must be equal

const LF: u32 = 10;
const CR: u32 = 13;
const MAX_TIME: u64 = (1 << 53) - 1;

let rows: i32 = 0;
/** Rows in the columns after a scan. */
export function scannedRows(): i32 {
  return rows;
}

let stoppedPlace: usize = 0;
/** Where the ends of the row stand at which a scan stopped. */
export function scannedPlace(): usize {
  return stoppedPlace;
}

/** The `n` bytes before `end`, behind zeros. */
//@inline
function tail(end: usize, n: usize): v128 {
  return v128.and(v128.load(end - 16), v128.load(mask + (n << 4)));
}

let ok: bool = false;

/** Up to 16 decimal digits; `ok` says whether they are all digits. */
//@inline
function decimal16(end: usize, n: usize): u64 {
  const keep = v128.load(mask + (n << 4));
  const digits = v128.and(i8x16.sub(v128.load(end - 16), i8x16.splat(48)), keep);
  ok = !v128.any_true(i8x16.gt_u(digits, i8x16.splat(9)));
  // Pairs of digits, then four, then eight.
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, i16x8.splat(0xff)), i16x8.splat(10)), i16x8.shr_u(digits, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1));
  return <u64>(<u32>i32x4.extract_lane(eights, 0)) * 100000000 + <u64>(<u32>i32x4.extract_lane(eights, 1));
}

/** Up to 20 decimal digits below 2^64. */
//@inline
function decimal(from: usize, end: usize): u64 {
  const n = end - from;
  if (n === 1) {
    const digit = <u32>load<u8>(from) - 48;
    ok = digit <= 9;
    return digit;
  }
  if (n <= 16) return decimal16(end, n);
  if (n > 20) {
    ok = false;
    return 0;
  }
  const low = decimal16(end, 16);
  if (!ok) return 0;
  const top = decimal16(end - 16, n - 16);
  if (top > 1844 || (top === 1844 && low > 6744073709551615)) ok = false;
  return top * 10000000000000000 + low;
}

/** ns of a plain time: digits, perhaps a point and digits. */
function timeOf(field: usize, from: usize, end: usize): u64 {
  const nsPer = load<u64>(field + NS_PER);
  if (nsPer === 1) {
    const ns = decimal(from, end) - load<u64>(field + ORIGIN);
    // A difference below zero is above the largest time.
    if (ok && ns <= MAX_TIME) return ns;
  }
  let point = from;
  while (point < end && load<u8>(point) !== 46) point++;
  const whole = decimal(from, point);
  if (!ok || point === from) {
    ok = false;
    return 0;
  }
  let ns = whole * nsPer;
  if (whole > load<u64>(field + MAX)) ok = false;
  if (point < end) {
    // Digits below a nanosecond are cut off.
    const decimals = <usize>load<u32>(field + DECIMALS);
    const given = end - point - 1;
    if (given > 16 || decimals === NO_FRACTION) {
      ok = false;
      return 0;
    }
    const okBefore = ok;
    decimal16(end, given);
    ok = ok && okBefore;
    const used = min(given, decimals);
    const okDigits = ok;
    let fraction = decimal16(point + 1 + used, used);
    ok = okDigits;
    for (let i = used; i < decimals; i++) fraction *= 10;
    ns += fraction;
  }
  const origin = load<u64>(field + ORIGIN);
  if (ns < origin || ns - origin > MAX_TIME) ok = false;
  return ns - origin;
}

/** Slot of a word of at most 16 bytes; its code + 1 is 0 where the word is not known. */
//@inline
function wordSlot(field: usize, word: v128): usize {
  const lo = <u64>i64x2.extract_lane(word, 0);
  const hi = <u64>i64x2.extract_lane(word, 1);
  const hash = (hi ^ (lo >> 7)) * 0x9e3779b97f4a7800;
  let slot = <u32>(hash >> 58);
  const words = <usize>load<u32>(field + WORDS);
  while (true) {
    const at = words + slot * WORD_BYTES;
    if (load<u32>(at + 16) === 0 || !v128.any_true(v128.xor(v128.load(at), word))) return at;
    slot = (slot + 1) & (WORD_SLOTS - 1);
  }
}

/** Makes a word known. A table three quarters full learns no more: its words are left to the caller. */
export function learn(field: usize, from: usize, length: i32, code: u32): void {
  if (length > LONG_BYTES) return;
  if (length > 16) {
    store<u32>(field + LONG_LENGTH, length);
    store<u32>(field + LONG_CODE, code);
    memory.copy(<usize>load<u32>(field + LONG), from, length);
    return;
  }
  if (length === 1) {
    store<u32>(<usize>load<u32>(field + LETTERS) + ((<usize>load<u8>(from)) << 2), code + 1);
    return;
  }
  const words = <usize>load<u32>(field + WORDS);
  let known = 0;
  for (let slot = 0; slot < WORD_SLOTS; slot++) if (load<u32>(words + slot * WORD_BYTES + 16) !== 0) known++;
  if (known > (WORD_SLOTS * 3) / 4) return;
  const word = tail(from + length, length);
  const at = wordSlot(field, word);
  v128.store(at, word);
  store<u32>(at + 16, code + 1);
}

/** Code + 1 of the word `[from, end)`; 0: not known. */
//@inline
function wordCode(field: usize, from: usize, end: usize): u32 {
  const n = end - from;
  if (n === 1) return load<u32>(<usize>load<u32>(field + LETTERS) + ((<usize>load<u8>(from)) << 2));
  if (n <= 16) return load<u32>(wordSlot(field, tail(end, n)) + 16);
  if (n !== <usize>load<u32>(field + LONG_LENGTH)) return 0;
  return memory.compare(from, <usize>load<u32>(field + LONG), n) === 0 ? load<u32>(field + LONG_CODE) + 1 : 0;
}

/** A bit for each of 16 bytes: a delimiter or the end of a line. */
//@inline
function endsOf16(at: usize, isDelimiter: v128, isLf: v128): u64 {
  const bytes = v128.load(at);
  return <u64>(<u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, isDelimiter), i8x16.eq(bytes, isLf))));
}

/**
 * Writes the places of all delimiters and line ends of `[from, to)`, as addresses. Eight at a time without asking how many
 * there are: a loop over each block's own number would be guessed wrong most of the time (simdjson, stage 1).
 */
export function findEnds(from: usize, to: usize, delimiter: u32, places: usize): void {
  const isDelimiter = i8x16.splat(<i8>delimiter);
  const isLf = i8x16.splat(10);
  let at = places;
  for (let block = from; block < to; block += 64) {
    let ends =
      endsOf16(block, isDelimiter, isLf) |
      (endsOf16(block + 16, isDelimiter, isLf) << 16) |
      (endsOf16(block + 32, isDelimiter, isLf) << 32) |
      (endsOf16(block + 48, isDelimiter, isLf) << 48);
    const next = at + ((<usize>popcnt(ends)) << 2);
    do {
      for (let i = 0; i < 8; i++) {
        store<u32>(at + (i << 2), <u32>block + <u32>ctz(ends));
        ends &= ends - 1;
      }
      at += 32;
    } while (ends !== 0);
    at = next;
  }
}

/**
 * Scans rows of the text `[from, to)`, which ends with a line feed, behind `length` rows until `capacity` are there. `place` is
 * where `findEnds` wrote the first end behind `from`. Returns where it stopped: at `to`, at the row for which there was no
 * room, or at a row that is not plain.
 */
export function scan(from: usize, to: usize, place: usize, length: i32, capacity: i32, fields: usize, count: i32, starts: usize): usize {
  const last = fields + <usize>(count - 1) * FIELD_BYTES;
  let row = length;
  let p = from;
  let ends = place;
  while (p < to && row < capacity) {
    const start = p;
    const firstEnd = ends;
    let field = fields;
    let plain = true;
    for (;;) {
      const first = p;
      p = load<u32>(ends);
      ends += 4;
      let stop = p;
      const atLf = load<u8>(p) === LF;
      if (atLf) {
        if (field !== last || p === start) {
          plain = false;
          break;
        }
        if (stop > first && load<u8>(stop - 1) === CR) stop--;
      }
      const n = stop - first;
      const op = load<u32>(field + OP);
      if (n === 0) {
        if (op !== SKIP) {
          if ((load<u32>(field + FLAGS) & REQUIRED) !== 0) {
            plain = false;
            break;
          }
          store<u8>(<usize>load<u32>(field + MISSING) + row, 1);
          store<u32>(field + ANY_MISSING, 1);
          if (op === WORD) store<u32>(<usize>load<u32>(field + OUT) + ((<usize>row) << 2), 0);
        }
      } else if (op === WORD) {
        const code = wordCode(field, first, stop);
        if (code === 0) {
          plain = false;
          break;
        }
        store<u32>(<usize>load<u32>(field + OUT) + ((<usize>row) << 2), code - 1);
      } else if (op === NUMBER) {
        const flags = load<u32>(field + FLAGS);
        let value: u64;
        const prefixed = (load<u16>(first) | 0x2000) === 0x7830; // 0x or 0X, little-endian
        if (prefixed || (flags & HEX) !== 0) {
          const digits = prefixed ? n - 2 : n;
          if (digits - 1 >= 16) {
            plain = false;
            break;
          }
          value = hexadecimal(stop, digits);
          ok = isHexadecimal;
        } else value = decimal(first, stop);
        const top = value >> 56;
        if (
          !ok ||
          value - load<u64>(field + MIN) > load<u64>(field + MAX) - load<u64>(field + MIN) ||
          ((flags & CANONICAL) !== 0 && top !== 0 && top !== 0xff)
        ) {
          plain = false;
          break;
        }
        store<u32>(<usize>load<u32>(field + OUT) + ((<usize>row) << 2), <u32>value);
        store<u32>(<usize>load<u32>(field + OUT_HI) + ((<usize>row) << 2), <u32>(value >> 32));
      } else if (op === TIME) {
        const ns = timeOf(field, first, stop);
        if (!ok) {
          plain = false;
          break;
        }
        store<f64>(<usize>load<u32>(field + OUT) + ((<usize>row) << 3), <f64>ns);
      }
      p++;
      if (atLf) break;
      if (field === last) {
        // A delimiter behind the last field: nothing may follow but the end of the line.
        plain = false;
        break;
      }
      field += FIELD_BYTES;
    }
    if (!plain) {
      p = start;
      ends = firstEnd;
      break;
    }
    store<u32>(starts + ((<usize>row) << 2), <u32>start);
    row++;
  }
  rows = row;
  stoppedPlace = ends;
  return p;
}
