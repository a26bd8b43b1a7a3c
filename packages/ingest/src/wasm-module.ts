import { compileWasm, WASM_PAGE, wasmExports, wasmMemory, type WasmMemory, type WasmModule } from "@tidemark/data/shapes";
import { SCAN_ROWS_WASM } from "./scan-rows-wasm.ts";

/** What wasm/scan-rows.ts exports; its comments say what the functions do. */
export interface ScanRowsExports {
  scannedRows(): number;
  scannedPlace(): number;
  findEnds(from: number, to: number, delimiter: number, places: number): void;
  learn(field: number, from: number, length: number, code: number): void;
  scan(from: number, to: number, place: number, length: number, capacity: number, fields: number, count: number, starts: number): number;
}

let compiled: WasmModule | undefined;

/** A scanner with a memory of its own, of at least `bytes`. */
export function scanRowsInstance(bytes: number): { readonly memory: WasmMemory; readonly exports: ScanRowsExports } {
  compiled ??= compileWasm(SCAN_ROWS_WASM);
  const pages = Math.ceil(bytes / WASM_PAGE);
  const memory = wasmMemory({ initial: pages, maximum: pages });
  return { memory, exports: wasmExports(compiled, { memory }) };
}
