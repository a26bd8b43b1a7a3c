import { SCAN_ROWS_WASM } from "./scan-rows-wasm.ts";

/** What wasm/scan-rows.ts exports; its comments say what the functions do. */
export interface ScanRowsExports {
  scannedRows(): number;
  scannedPlace(): number;
  findEnds(from: number, to: number, delimiter: number, places: number): void;
  learn(field: number, from: number, length: number, code: number): void;
  scan(from: number, to: number, place: number, length: number, capacity: number, fields: number, count: number, starts: number): number;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the WebAssembly API that is used: Node's types leave it to the browser's. */
interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: ScanRowsExports };
}

const PAGE = 65_536;
let compiled: object | undefined;

/** A scanner with a memory of its own, of at least `bytes`. */
export function scanRowsInstance(bytes: number): { readonly memory: WasmMemory; readonly exports: ScanRowsExports } {
  const wasm: WasmApi = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly")?.value;
  compiled ??= new wasm.Module(Buffer.from(SCAN_ROWS_WASM, "base64"));
  const pages = Math.ceil(bytes / PAGE);
  const memory = new wasm.Memory({ initial: pages, maximum: pages });
  return { memory, exports: new wasm.Instance(compiled, { env: { memory } }).exports };
}
