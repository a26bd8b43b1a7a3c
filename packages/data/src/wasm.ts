/** Memory of WebAssembly. Views of a shared one stay valid when it grows. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

export interface WasmMemorySize {
  readonly initial: number;
  readonly maximum: number;
  readonly shared?: boolean;
}

/** The part of the WebAssembly API that is used: Node's types leave it to the browser's. */
interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Memory: new (size: WasmMemorySize) => WasmMemory;
  readonly Instance: new (module: WasmModule, imports: { readonly env: object }) => { readonly exports: unknown };
}

export interface WasmModule {
  readonly isCompiledWasm?: true;
}

/** Bytes by which a memory is sized and grows. */
export const WASM_PAGE = 65_536;
/** Pages that 32-bit addresses reach. */
export const WASM_PAGES_MAX = 65_536;

const wasm = (): WasmApi => Object.getOwnPropertyDescriptor(globalThis, "WebAssembly")?.value;

/** Compiles what `tools/wasm/compile.mjs` wrote. */
export const compileWasm = (base64: string): WasmModule => new (wasm().Module)(Buffer.from(base64, "base64"));

/** Sizes in pages of WASM_PAGE bytes. */
export const wasmMemory = (size: WasmMemorySize): WasmMemory => new (wasm().Memory)(size);

/** What a module exports, with a memory and functions of ours as its `env`. */
export const wasmExports = <E>(module: WasmModule, env: { readonly memory: WasmMemory; readonly [name: string]: unknown }): E =>
  new (wasm().Instance)(module, { env }).exports as E; // the module is ours
