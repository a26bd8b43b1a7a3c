import {
  compileWasm,
  formatPages,
  InputError,
  PAGE_BYTES,
  WASM_PAGE,
  WASM_PAGES_MAX,
  wasmExports,
  wasmMemory,
  type AccessBatch,
  type WasmMemory,
  type WasmModule,
} from "@tidemark/data";
import { TRANSLATE_ROWS_WASM } from "./translate-rows-wasm.ts";

/** What wasm/translate-rows.ts exports; its comments say what the functions do. Addresses and page numbers are unsigned. */
interface KernelExports {
  end(): number;
  pageAt(): number;
  ppnAt(): number;
  find(cache: number, key: number, index: number): number;
  insert(cache: number, key: number, index: number): void;
  walk(hardware: number, leafNode: number, guestLevel: number, ppn: number): number;
  rows(hardware: number, from: number, to: number, guestLevel: number): number;
  areAsBefore(records: number, from: number, to: number, vcpu: number): number;
  firstNews(records: number, from: number, to: number, vcpu: number): number;
}

/** Rows that are looked at in one piece. */
export const KERNEL_ROWS = 4096;

const ALIGNMENT = 16;
let compiled: WasmModule | undefined;

/** The compiled part of translation, and the memory it shares with the rest: all tables and caches of one VM, in every mode on every core. */
export class Kernel {
  readonly run: KernelExports;
  readonly #memory: WasmMemory;
  /** By machine: what gives it tables. */
  readonly #holds: ((ppn: number) => void)[] = [];
  readonly #page: Uint32Array;
  readonly #ppn: Uint32Array;
  readonly #count: Uint32Array;
  readonly #kind: Uint8Array;
  readonly #vcpu: Uint8Array;
  #end: number;

  constructor() {
    compiled ??= compileWasm(TRANSLATE_ROWS_WASM);
    this.#memory = wasmMemory({ initial: 16, maximum: WASM_PAGES_MAX, shared: true });
    this.run = wasmExports<KernelExports>(compiled, {
      memory: this.#memory,
      hold: (machine: number, ppn: number) => this.#holds[machine](ppn >>> 0),
    });
    this.#end = this.run.end();
    this.#reach(this.#end);
    const { buffer } = this.#memory;
    const at = this.run.ppnAt();
    this.#page = new Uint32Array(buffer, this.run.pageAt(), KERNEL_ROWS);
    this.#ppn = new Uint32Array(buffer, at, KERNEL_ROWS);
    this.#count = new Uint32Array(buffer, at + 4 * KERNEL_ROWS, KERNEL_ROWS);
    this.#kind = new Uint8Array(buffer, at + 8 * KERNEL_ROWS, KERNEL_ROWS);
    this.#vcpu = new Uint8Array(buffer, at + 9 * KERNEL_ROWS, KERNEL_ROWS);
  }

  /** So many numbers, zero. Where they lie is their `byteOffset`. */
  ints(length: number): Int32Array {
    const at = this.#take(4 * length);
    return new Int32Array(this.#memory.buffer, at, length);
  }

  floats(length: number): Float64Array {
    const at = this.#take(8 * length);
    return new Float64Array(this.#memory.buffer, at, length);
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** Gives a machine its number: `hold` gives it the tables of the host that a PPN needs. */
  addMachine(hold: (ppn: number) => void): number {
    return this.#holds.push(hold) - 1;
  }

  /** Brings rows `[from, to)`, at most KERNEL_ROWS: they are numbered from 0. */
  load({ page, ppn, count, kind, vcpu }: AccessBatch, from: number, to: number): void {
    this.#page.set(page.subarray(from, to));
    this.#ppn.set(ppn.subarray(from, to));
    this.#count.set(count.subarray(from, to));
    this.#kind.set(kind.subarray(from, to));
    this.#vcpu.set(vcpu.subarray(from, to));
  }

  #take(bytes: number): number {
    const at = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#reach(at + bytes);
    this.#end = at + bytes;
    return at;
  }

  #reach(end: number): void {
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / WASM_PAGE);
    if (missing <= 0) return;
    try {
      this.#memory.grow(missing);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InputError(
        `translation: the page tables, TLBs and walk caches of a VM take ${formatPages(Math.ceil(end / PAGE_BYTES))}, more than there is or 4 GiB; ` +
          "take fewer modes or cores at once, or a cut of the trace",
      );
    }
  }
}
