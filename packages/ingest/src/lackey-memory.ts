import { BATCH_ROWS, compileWasm, WASM_PAGE, wasmExports, wasmMemory, type WasmModule } from "@tidemark/data/shapes";
import { CHUNK } from "./byte-window.ts";
import { LACKEY_LINES_WASM } from "./lackey-lines-wasm.ts";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";

/** What wasm/lackey-lines.ts exports; its comments say what the functions do. */
interface LackeyExports {
  readRows(): number;
  readLines(): number;
  read(from: number, to: number, row: number, capacity: number, line: number, time: number, columns: number): number;
}

/** Vector loads reach this far beyond the text, on both sides. */
const MARGIN = 64;

let compiled: WasmModule | undefined;

/** The memory of one reader of lackey's lines: the text, and the columns of a batch that the reader fills. */
export class LackeyMemory {
  readonly exports: LackeyExports;
  /** Room for text. */
  readonly text: Buffer;
  readonly batch: RawAccesses;
  /** Address of the columns. */
  readonly columns = WASM_PAGE;

  constructor() {
    compiled ??= compileWasm(LACKEY_LINES_WASM);
    const textAt = this.columns + 21 * BATCH_ROWS + MARGIN;
    const pages = Math.ceil((textAt + CHUNK + 1 + MARGIN) / WASM_PAGE);
    const memory = wasmMemory({ initial: pages, maximum: pages });
    const { buffer } = memory;
    this.exports = wasmExports(compiled, { memory });
    this.text = Buffer.from(buffer, textAt, CHUNK + 1);
    this.batch = {
      ...rawAccesses(BATCH_ROWS),
      timeNs: new Float64Array(buffer, this.columns, BATCH_ROWS),
      row: new Uint32Array(buffer, this.columns + 8 * BATCH_ROWS, BATCH_ROWS),
      vpnHi: new Uint32Array(buffer, this.columns + 12 * BATCH_ROWS, BATCH_ROWS),
      vpnLo: new Uint32Array(buffer, this.columns + 16 * BATCH_ROWS, BATCH_ROWS),
      kind: new Uint8Array(buffer, this.columns + 20 * BATCH_ROWS, BATCH_ROWS),
    };
  }
}
