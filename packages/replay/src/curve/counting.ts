import { compileWasm, InputError, WASM_PAGE, WASM_PAGES_MAX, wasmExports, wasmMemory, type WasmModule } from "@tidemark/data";
import { COUNT_MISSES_WASM } from "./count-misses-wasm.ts";

/** What wasm/count-misses.ts exports; its comments say what the functions do. Addresses are in bytes, results unsigned modulo 2^32. */
interface CountingExports {
  place(pageState: number, pages: number, ring: number, bits: number, tree: number, size: number, numbers: number): void;
  fifo(from: number, to: number): number;
  clock(from: number, to: number): number;
  lru(from: number, to: number, out: number): number;
  distances(from: number, to: number, out: number): void;
  tally(from: number, to: number, counts: number): void;
  sample(from: number, to: number, out: number, sampled: number, slotOf: number): number;
}

/** Rows that are played in one piece. */
const PIECE = 65_536;
const PIECE_BYTES = 4 * PIECE;
/** The first bytes are the compiler's. */
const ROWS_AT = 1024;
export const OUT_AT = ROWS_AT + PIECE_BYTES;
const ARRAYS_AT = OUT_AT + PIECE_BYTES;
const ALIGNMENT = 64;

let compiled: WasmModule | undefined;

/** A counter with a memory of its own, which holds rows, what is told of each of them, and arrays of the sizes asked for. */
export interface Counting {
  readonly run: CountingExports;
  /** Where each array is, in bytes. */
  readonly at: readonly number[];
  /** Rows to play. */
  readonly rows: Uint32Array;
  /** What `distances` and `sample` say of them; `lru` keeps notes there. */
  readonly out: Uint32Array;
  array(at: number, length: number): Uint32Array;
  /** Where the first `length` rows end. */
  end(length: number): number;
  readonly start: number;
}

/** `bytes` of each array, which is zero at first. */
export function counting(bytes: readonly number[]): Counting {
  let end = ARRAYS_AT;
  const at = bytes.map((size) => {
    const from = end;
    end = Math.ceil((end + size) / ALIGNMENT) * ALIGNMENT;
    return from;
  });
  const pages = Math.ceil(end / WASM_PAGE);
  if (pages > WASM_PAGES_MAX)
    throw new InputError(
      `this many pages take ${Math.ceil(end / 2 ** 30)} GiB to count misses of, and 4 GiB is the most; sample them, or cut the trace`,
    );
  compiled ??= compileWasm(COUNT_MISSES_WASM);
  const memory = wasmMemory({ initial: pages, maximum: pages });
  return {
    run: wasmExports<CountingExports>(compiled, { memory }),
    at,
    rows: new Uint32Array(memory.buffer, ROWS_AT, PIECE),
    out: new Uint32Array(memory.buffer, OUT_AT, PIECE),
    array: (from, length) => new Uint32Array(memory.buffer, from, length),
    start: ROWS_AT,
    end: (length) => ROWS_AT + 4 * length,
  };
}

/** Puts `pages` in front of `play`, piece by piece. */
export function playPieces(rows: Uint32Array, pages: Uint32Array, length: number, play: (from: number, length: number) => void): void {
  for (let from = 0; from < length; from += PIECE) {
    const piece = Math.min(PIECE, length - from);
    rows.set(pages.subarray(from, from + piece));
    play(from, piece);
  }
}
