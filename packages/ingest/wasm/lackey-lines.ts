// AssemblyScript (https://www.assemblyscript.org): lines of Valgrind's lackey → typed columns, without a string.
// A comment //@inline is made a decorator before it is compiled: TypeScript knows none on functions.
// `node packages/ingest/wasm/build.mjs` compiles this file into src/lackey-lines-wasm.ts; a test keeps the two together.
//
// Memory, laid out by src/lackey-memory.ts: the text, with 16 bytes to spare before it and 64 behind, and the columns. A line
// that is no plain access within one page is left to the caller, which reads it as text.

import { hexadecimal, isHexadecimal } from "./digits";

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
    if (!isHexadecimal) break;
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
