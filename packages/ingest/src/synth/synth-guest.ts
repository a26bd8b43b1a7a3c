import { ALLOC, FREE, InputError, MARK, NONE, READ, SWITCH, WRITE } from "@tidemark/data/shapes";
import type { RowSink } from "./row-sink.ts";

/** The kernel's map of all memory, and where programs have theirs: as Linux lays them out on x86-64. */
const DIRECT_MAP_VPN = 0xffff8880_00000;
const USER_VPN = 0x5555_55554;
/** A page of a process that lies nowhere. */
const NOWHERE = -1;

/** Memory of one program: its pages, numbered from 0, and the guest-physical pages behind them. */
export interface Process {
  readonly pid: number;
  /** CR3: where its top page table is. */
  readonly space: number;
  readonly ppnOf: Int32Array;
}

/** A guest whose memory is given out and taken back as a kernel does it: lowest first, what was freed last comes back first. */
export class SynthGuest {
  /** Guest-physical pages given out at least once. */
  usedPages = 0;
  readonly #vm: number;
  readonly #memoryPages: number;
  readonly #sink: RowSink;
  readonly #freed: number[] = [];
  #processes = 0;

  constructor(vm: number, memoryPages: number, sink: RowSink) {
    this.#vm = vm;
    this.#memoryPages = memoryPages;
    this.#sink = sink;
  }

  /** A new program with room for so many pages, none of which lies anywhere yet. Its top page table takes one. */
  start(pages: number): Process {
    const pid = ++this.#processes;
    const table = this.allocate(pid);
    return { pid, space: table * 4096, ppnOf: new Int32Array(pages).fill(NOWHERE) };
  }

  /** Reads or writes a page of a program, which gets one on its first access. */
  access(process: Process, page: number, isWrite: boolean): void {
    const { ppnOf, space, pid } = process;
    if (ppnOf[page] === NOWHERE) ppnOf[page] = this.allocate(pid);
    this.#sink.access(this.#vm, isWrite ? WRITE : READ, space, USER_VPN + page, ppnOf[page]);
  }

  /** The kernel reads or writes a guest-physical page, such as one of a file. */
  kernelAccess(ppn: number, isWrite: boolean): void {
    this.#sink.access(this.#vm, isWrite ? WRITE : READ, NaN, DIRECT_MAP_VPN + ppn, ppn);
  }

  /** Takes a free page. InputError where there is none. */
  allocate(pid: number): number {
    const ppn = this.#freed.pop() ?? this.usedPages++;
    if (ppn >= this.#memoryPages)
      throw new InputError(
        `synth: the workload needs more than the ${this.#memoryPages} pages of its guest; raise --memory, or lower its pages`,
      );
    this.#sink.event(this.#vm, ALLOC, 0, ppn, 1, 0, pid);
    return ppn;
  }

  release(ppn: number, pid: number): void {
    this.#freed.push(ppn);
    this.#sink.event(this.#vm, FREE, 0, ppn, 1, 0, pid);
  }

  /** Frees pages [from, to) of a program, as far as they lie anywhere. */
  unmap({ ppnOf, pid }: Process, from: number, to: number): void {
    for (let page = from; page < to; page++) {
      if (ppnOf[page] === NOWHERE) continue;
      this.release(ppnOf[page], pid);
      ppnOf[page] = NOWHERE;
    }
  }

  /** The program ends: `shared` first pages are others' and stay. */
  exit(process: Process, shared: number): void {
    this.unmap(process, shared, process.ppnOf.length);
    this.release(process.space / 4096, process.pid);
  }

  switchTo({ space }: Process): void {
    this.#sink.event(this.#vm, SWITCH, space, NONE, 1, space, NONE);
  }

  mark(id: number): void {
    this.#sink.event(this.#vm, MARK, 0, NONE, 1, id, NONE);
  }
}
