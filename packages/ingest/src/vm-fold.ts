import { InputError, NONE, type AccessBatch, type TracedVm } from "@tidemark/data/shapes";
import type { PageMaps } from "./page-maps.ts";
import { PageTable } from "./page-table.ts";
import type { RawAccesses } from "./raw-batch.ts";
import type { Source } from "./source.ts";

/**
 * What is kept in the record of a page whose PPN is captured, in words: ~PPN, so that the zero of a new record means none, and the PPN's
 * index; and the last access under that PPN.
 */
const NOT_PPN = 0;
const PPN_INDEX = 1;
/** In that of a PPN, and of a page whose PPN is not captured: the first and the last access. */
const FIRST_NS = 0;
const LAST_NS = 1;

/** Rows numbered at a time. */
const BLOCK = 512;

/** What one VM's accesses come to: dense pages, PPNs, totals. */
export class VmFold {
  name: string;
  readonly index: number;
  /** Whether its PPNs come from the source: decided by its first access. */
  captured: boolean | undefined = undefined;
  /** Where pages lie whose accesses do not say it. */
  maps: PageMaps | undefined = undefined;
  readonly pages = new PageTable();
  /** Captured PPNs, in order of first access: pages in a space of their own. */
  readonly ppns = new PageTable();
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
  /** What the formats of its sources of accesses say of the order of rows. */
  order: TracedVm["order"] = "undeclared";
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
  readonly #numbers = new Int32Array(BLOCK);
  readonly #numberOfSpace = new Map<number, number>([[0, 0]]);

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }

  /**
   * Numbers the pages of rows `[from, to)`, all of this VM, into `out` from `at` on. Stops before a row it must refuse
   * (no known PPN in a captured VM, a PPN in another). Returns where it stopped.
   */
  number(raw: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    let stopped = from;
    while (stopped < to) {
      const block = Math.min(to, stopped + BLOCK);
      const o = at + stopped - from;
      const reached =
        this.captured === true ? this.#numberCaptured(raw, stopped, block, out, o) : this.#numberSynthesised(raw, stopped, block, out, o);
      stopped = reached;
      if (reached < block) break;
    }
    if (stopped > from) this.#count(raw, from, stopped);
    return stopped;
  }

  /** Rows that all have a PPN, block by block: first the pages, then what is known of them, which is near by then. */
  #numberCaptured(raw: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const { timeNs, vpnLo, vpnHi, space, ppn } = raw;
    if (lacksPpn(ppn, from, to)) return this.#inferPpns(raw, from, to, out, at);
    const { pages } = this;
    const { page: outPage, ppn: outPpn } = out;
    pages.pagesOf(vpnLo, vpnHi, this.#spaceNumbers(space, from, to), from, to, outPage, at);
    const { words, times } = pages;
    for (let i = from, o = at; i < to; i++, o++) {
      const page = outPage[o];
      const p = ppn[i];
      if (words[4 * page + NOT_PPN] !== ~p) this.#moved(page, p, timeNs[i]);
      times[2 * page + LAST_NS] = timeNs[i];
      outPpn[o] = p;
    }
    return to;
  }

  /** Rows of which some have no PPN: it is their page's last one. */
  #inferPpns({ timeNs, vpnLo, vpnHi, space, ppn }: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const { pages } = this;
    const spaces = this.#spaceNumbers(space, from, to);
    for (let i = from, o = at; i < to; i++, o++) {
      const number = spaces === undefined ? 0 : spaces[i - from];
      const page = ppn[i] === NONE ? pages.find(vpnLo[i], vpnHi[i], number) : pages.pageOf(vpnLo[i], vpnHi[i], number);
      if (page < 0) return i;
      if (ppn[i] === NONE) this.inferredPpnRows++;
      else if (pages.words[4 * page + NOT_PPN] !== ~ppn[i]) this.#moved(page, ppn[i], timeNs[i]);
      pages.times[2 * page + LAST_NS] = timeNs[i];
      out.page[o] = page;
      out.ppn[o] = ~pages.words[4 * page + NOT_PPN];
    }
    return to;
  }

  /** A page has a PPN, or another one than before. */
  #moved(page: number, ppn: number, timeNs: number): void {
    const { words, times } = this.pages;
    const record = 4 * page;
    if (words[record + NOT_PPN] !== 0) this.#touchedAt(words[record + PPN_INDEX], times[2 * page + LAST_NS]);
    words[record + NOT_PPN] = ~ppn;
    words[record + PPN_INDEX] = this.#indexOf(ppn, timeNs);
  }

  #indexOf(ppn: number, timeNs: number): number {
    const known = this.ppns.length;
    const index = this.ppns.pageOf(ppn, 0, 0);
    if (index === known) this.ppns.times[2 * index + FIRST_NS] = timeNs;
    return index;
  }

  /** Notes an access to a PPN; they may be told in any order. */
  #touchedAt(index: number, timeNs: number): void {
    const { times } = this.ppns;
    if (timeNs > times[2 * index + LAST_NS]) times[2 * index + LAST_NS] = timeNs;
  }

  #numberSynthesised({ timeNs, vpnLo, vpnHi, space, ppn }: RawAccesses, from: number, to: number, out: AccessBatch, at: number): number {
    const { pages } = this;
    let stop = from;
    while (stop < to && ppn[stop] === NONE) stop++;
    let fresh = pages.length;
    pages.pagesOf(vpnLo, vpnHi, this.#spaceNumbers(space, from, stop), from, stop, out.page, at);
    for (let i = from, o = at; i < stop; i++, o++) {
      const page = out.page[o];
      if (page === fresh) {
        pages.times[2 * page + FIRST_NS] = timeNs[i];
        fresh++;
      }
      pages.times[2 * page + LAST_NS] = timeNs[i];
      out.ppn[o] = NONE;
    }
    return stop;
  }

  /** Numbers of the spaces of rows, from 0 on; undefined where all are 0. */
  #spaceNumbers(space: Float64Array | undefined, from: number, to: number): Int32Array | undefined {
    if (space === undefined) return undefined;
    let value = 0;
    let number = 0;
    for (let i = from; i < to; i++) {
      if (space[i] !== value) {
        value = space[i];
        number = this.#spaceNumber(value);
      }
      this.#numbers[i - from] = number;
    }
    return this.#numbers;
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

  /** PPNs in order of first access; in a VM without captured ones the pages themselves. */
  ppnRows(): { readonly length: number; readonly ppn: Uint32Array; readonly firstNs: Float64Array; readonly lastNs: Float64Array } {
    const { words, times } = this.pages;
    // The last access of a PPN is the last one of any page that has it, or had it.
    if (this.captured === true)
      for (let page = 0; page < this.pages.length; page++) this.#touchedAt(words[4 * page + PPN_INDEX], times[2 * page + LAST_NS]);
    const table = this.#ppnTable();
    const { length } = table;
    const rows = { length, ppn: new Uint32Array(length), firstNs: new Float64Array(length), lastNs: new Float64Array(length) };
    for (let index = 0; index < length; index++) {
      rows.ppn[index] = this.#ppnAt(index);
      rows.firstNs[index] = table.times[2 * index + FIRST_NS];
      rows.lastNs[index] = table.times[2 * index + LAST_NS];
    }
    return rows;
  }

  #ppnTable(): PageTable {
    return this.captured === true ? this.ppns : this.pages;
  }

  #ppnAt(index: number): number {
    return this.captured === true ? this.ppns.vpnOf(index) : index;
  }

  #highestPpn(): number | null {
    const { length } = this.#ppnTable();
    let highest = 0;
    for (let index = 0; index < length; index++) highest = Math.max(highest, this.#ppnAt(index));
    return length === 0 ? null : highest;
  }

  totals(): Omit<TracedVm, "configuredBytes" | "configuredFrom" | "order" | "spacesFrom"> {
    const [reads, writes, fetches] = this.accessesOf;
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
      guestPhysicalPages: this.#ppnTable().length,
      highestPpn: this.#highestPpn(),
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

function lacksPpn(ppn: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (ppn[i] === NONE) return true;
  return false;
}
