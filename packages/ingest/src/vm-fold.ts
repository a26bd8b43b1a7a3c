import { InputError, NONE, type AccessBatch, type TracedVm } from "@tidemark/data";
import { PageTable } from "./page-table.ts";
import { doubled, PpnTable } from "./ppn-table.ts";
import type { RawAccesses } from "./raw-batch.ts";
import type { Source } from "./source.ts";

/** What one VM's accesses come to: dense pages, PPNs, totals. */
export class VmFold {
  name: string;
  readonly index: number;
  /** Whether its PPNs come from the source: decided by its first access. */
  captured: boolean | undefined = undefined;
  readonly pages = new PageTable();
  readonly ppns = new PpnTable();
  /** Guest address space by its number. */
  readonly spaces: number[] = [0];
  rows = 0;
  readonly accessesOf = new Float64Array(3);
  firstNs: number | null = null;
  lastNs: number | null = null;
  inferredPpnRows = 0;
  /** The source whose accesses it has now, and until when it had others'. */
  source: Source | undefined = undefined;
  readonly endedSources = new Map<Source, number>();
  /** Space that each vCPU has loaded last, by switch events. */
  readonly loadedSpace = new Float64Array(256);
  /** Rows that name their space, and rows that took it from switch events. */
  spaceRows = 0;
  switchRows = 0;
  switches = 0;
  allocatorEvents = 0;
  guestEvents = 0;
  contents = 0;
  meminfoSamples = 0;
  highestContentPpn = -1;
  readonly #numberOfSpace = new Map<number, number>([[0, 0]]);
  /** By page: its last PPN and that PPN's index. */
  #lastPpn = new Uint32Array(1024).fill(NONE);
  #ppnIndex = new Uint32Array(1024);
  /** In a VM without captured PPNs: first and last access by page. */
  #firstNs = new Float64Array(0);
  #lastNs = new Float64Array(0);

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }

  /**
   * Numbers the pages of rows `[from, to)`, all of this VM, into `out` from `at` on. Stops before a row it must refuse
   * (no known PPN in a captured VM, a PPN in another). Returns where it stopped.
   */
  number(raw: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const stopped = this.captured === true ? this.#numberCaptured(raw, from, to, out, at) : this.#numberSynthesised(raw, from, to, out, at);
    if (stopped > from) this.#count(raw, from, stopped);
    return stopped;
  }

  #numberCaptured({ timeNs, vpnLo, vpnHi, space, ppn }: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const { pages, ppns } = this;
    let spaceValue = 0;
    let spaceNumber = 0;
    for (let i = from, o = at; i < to; i++, o++) {
      if (space !== undefined && space[i] !== spaceValue) {
        spaceValue = space[i];
        spaceNumber = this.#spaceNumber(spaceValue);
      }
      let p = ppn[i];
      let page: number;
      if (p === NONE) {
        page = pages.find(vpnLo[i], vpnHi[i], spaceNumber);
        if (page < 0) return i;
        p = this.#lastPpn[page];
        this.inferredPpnRows++;
      } else {
        page = pages.pageOf(vpnLo[i], vpnHi[i], spaceNumber);
        if (page >= this.#lastPpn.length) this.#growPages();
      }
      if (this.#lastPpn[page] !== p) {
        this.#lastPpn[page] = p;
        this.#ppnIndex[page] = ppns.indexOf(p, timeNs[i]);
      }
      ppns.lastNs[this.#ppnIndex[page]] = timeNs[i];
      out.page[o] = page;
      out.ppn[o] = p;
    }
    return to;
  }

  #numberSynthesised({ timeNs, vpnLo, vpnHi, space, ppn }: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const { pages } = this;
    let spaceValue = 0;
    let spaceNumber = 0;
    for (let i = from, o = at; i < to; i++, o++) {
      if (ppn[i] !== NONE) return i;
      if (space !== undefined && space[i] !== spaceValue) {
        spaceValue = space[i];
        spaceNumber = this.#spaceNumber(spaceValue);
      }
      const known = pages.length;
      const page = pages.pageOf(vpnLo[i], vpnHi[i], spaceNumber);
      if (page === known) {
        if (page >= this.#firstNs.length) this.#growTimes();
        this.#firstNs[page] = timeNs[i];
      }
      this.#lastNs[page] = timeNs[i];
      out.page[o] = page;
      out.ppn[o] = NONE;
    }
    return to;
  }

  #count({ timeNs, kind, count }: RawAccesses, from: number, to: number): void {
    addByKind(this.accessesOf, kind, count, from, to);
    this.rows += to - from;
    this.firstNs ??= timeNs[from];
    this.lastNs = timeNs[to - 1];
  }

  #spaceNumber(space: number): number {
    const known = this.#numberOfSpace.get(space);
    if (known !== undefined) return known;
    if (this.spaces.length >= 2 ** 24)
      throw new InputError(`${this.name}: has more than 16 million address spaces; is the right column read as space?`);
    this.spaces.push(space);
    this.#numberOfSpace.set(space, this.spaces.length - 1);
    return this.spaces.length - 1;
  }

  #growPages(): void {
    const known = this.#lastPpn.length;
    this.#lastPpn = doubled(this.#lastPpn, Uint32Array);
    this.#lastPpn.fill(NONE, known);
    this.#ppnIndex = doubled(this.#ppnIndex, Uint32Array);
  }

  #growTimes(): void {
    if (this.#firstNs.length === 0) {
      this.#firstNs = new Float64Array(1024);
      this.#lastNs = new Float64Array(1024);
      return;
    }
    this.#firstNs = doubled(this.#firstNs, Float64Array);
    this.#lastNs = doubled(this.#lastNs, Float64Array);
  }

  /** PPNs in order of first access; in a VM without captured ones the pages themselves. */
  ppnRows(): { readonly length: number; readonly ppn: Uint32Array; readonly firstNs: Float64Array; readonly lastNs: Float64Array } {
    if (this.captured === true) return this.ppns;
    const ppn = new Uint32Array(this.pages.length);
    for (let page = 0; page < ppn.length; page++) ppn[page] = page;
    return { length: ppn.length, ppn, firstNs: this.#firstNs, lastNs: this.#lastNs };
  }

  totals(): Omit<TracedVm, "configuredBytes" | "configuredFrom" | "order" | "spacesFrom"> {
    const [reads, writes, fetches] = this.accessesOf;
    const { length } = this.ppnRows();
    return {
      name: this.name,
      ppns: this.captured === true ? "captured" : "synthesised",
      rows: this.rows,
      accesses: reads + writes + fetches,
      reads,
      writes,
      fetches,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      virtualPages: this.pages.length,
      guestPhysicalPages: length,
      highestPpn: length === 0 ? null : this.captured === true ? this.ppns.highest : length - 1,
      inferredPpnRows: this.inferredPpnRows,
      allocatorEvents: this.allocatorEvents,
      guestEvents: this.guestEvents,
      contents: this.contents,
      meminfoSamples: this.meminfoSamples,
    };
  }
}

/** Sums stay in the array: V8 takes a local that starts at 0 for an integer again and again, and throws its code away. */
function addByKind(sums: Float64Array, kind: Uint8Array, count: Uint32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) sums[kind[i]] += count[i];
}
