// AssemblyScript (https://www.assemblyscript.org): lines of Valgrind's lackey → typed columns, without a string.
// A comment //@inline is made a decorator before it is compiled: TypeScript knows none on functions.
// `node packages/ingest/wasm/build.mjs` compiles this file into src/lackey-lines-wasm.ts; a test keeps the two together.
//
// Memory, laid out by src/lackey-memory.ts: the text, with 16 bytes to spare before it and 64 behind, and the columns. A line
// that is no plain access within one page is left to the caller, which reads it as text.

const CR: u32 = 13;
const LF: u32 = 10;
const COMMA: u32 = 44;

/** The first three bytes of a line, least significant first. */
const INSTRUCTION: u32 = 0x202049; // "I  "
const LOAD: u32 = 0x204c20; // " L "
const STORE: u32 = 0x205320; // " S "
const MODIFY: u32 = 0x204d20; // " M "

/** Kinds of access. */
const READ: u32 = 0;
const WRITE: u32 = 1;
const FETCH: u32 = 2;

let rows: i32 = 0;
/** Rows in the columns after a call of `read`. */
export function readRows(): i32 {
  return rows;
}

let lines: i32 = 0;
/** Lines that it has read. */
export function readLines(): i32 {
  return lines;
}

// Digits that are not there become zeros: `mask + n * 16` keeps the last n of 16 bytes.
const mask: usize = memory.data(272, 16);
for (let n = 0; n <= 16; n++) {
  for (let i = 0; i < 16; i++) store<u8>(mask + n * 16 + i, i >= 16 - n ? 0xff : 0);
}

let ok: bool = false;

/** The last `n` of 16 hexadecimal digits before `end`; `ok` says whether they are. */
//@inline
function hexadecimal(end: usize, n: usize): u64 {
  const keep = v128.load(mask + (n << 4));
  const text = v128.load(end - 16);
  const digits = i8x16.sub(text, i8x16.splat(48));
  const letters = i8x16.sub(v128.or(text, i8x16.splat(32)), i8x16.splat(97));
  const isDigit = i8x16.lt_u(digits, i8x16.splat(10));
  const isLetter = i8x16.lt_u(letters, i8x16.splat(6));
  ok = !v128.any_true(v128.andnot(keep, v128.or(isDigit, isLetter)));
  const nibbles = v128.and(v128.bitselect(digits, i8x16.add(letters, i8x16.splat(10)), isDigit), keep);
  // The first of two digits is the high one; the first of eight bytes is the highest.
  const bytes = v128.and(v128.or(i16x8.shl(nibbles, 4), i16x8.shr_u(nibbles, 8)), i16x8.splat(0xff));
  const packed = i8x16.narrow_i16x8_u(bytes, bytes);
  return <u64>i64x2.extract_lane(i8x16.shuffle(packed, packed, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}

/**
 * Reads the lines of `[from, to)`, the last of which has its end, into the columns from `row` on, until they are full or a
 * line is not plain. Returns where it stopped. The columns lie behind each other: time (f64), line (u32), upper and lower half
 * of the VPN (u32), kind (u8), `capacity` rows each.
 */
export function read(from: usize, to: usize, row: i32, capacity: i32, line: u32, time: f64, columns: usize): usize {
  const lineOf = columns + <usize>capacity * 8;
  const vpnHi = lineOf + <usize>capacity * 4;
  const vpnLo = vpnHi + <usize>capacity * 4;
  const kindOf = vpnLo + <usize>capacity * 4;
  const firstLine = line;
  let p = from;
  while (p < to && row + 2 <= capacity) {
    const head = load<u32>(p) & 0xffffff;
    let kind = READ;
    if (head === INSTRUCTION) kind = FETCH;
    else if (head === STORE) kind = WRITE;
    else if (head !== LOAD && head !== MODIFY) break;
    const commas = i8x16.bitmask(i8x16.eq(v128.load(p + 3), i8x16.splat(<i8>COMMA)));
    const n: usize = commas === 0 ? 16 : <usize>ctz(commas);
    if (n === 0 || load<u8>(p + 3 + n) !== COMMA) break;
    const address = hexadecimal(p + 3 + n, n);
    if (!ok) break;
    let q = p + 4 + n;
    let size: u32 = 0;
    for (let digit = <u32>load<u8>(q) - 48; digit <= 9 && size < 1000; digit = <u32>load<u8>(++q) - 48) size = size * 10 + digit;
    if (load<u8>(q) === CR) q++;
    if (load<u8>(q) !== LF || size === 0 || (<u32>address & 0xfff) + size > 4096) break;
    const vpn = address >> 12;
    store<f64>(columns + ((<usize>row) << 3), time);
    store<u32>(lineOf + ((<usize>row) << 2), line);
    store<u32>(vpnHi + ((<usize>row) << 2), <u32>(vpn >> 32));
    store<u32>(vpnLo + ((<usize>row) << 2), <u32>vpn);
    store<u8>(kindOf + <usize>row, <u8>kind);
    row++;
    if (head === MODIFY) {
      store<f64>(columns + ((<usize>row) << 3), time);
      store<u32>(lineOf + ((<usize>row) << 2), line);
      store<u32>(vpnHi + ((<usize>row) << 2), <u32>(vpn >> 32));
      store<u32>(vpnLo + ((<usize>row) << 2), <u32>vpn);
      store<u8>(kindOf + <usize>row, <u8>WRITE);
      row++;
    }
    line++;
    time += 1;
    p = q + 1;
  }
  rows = row;
  lines = <i32>(line - firstLine);
  return p;
}
