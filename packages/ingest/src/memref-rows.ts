import { FETCH, InputError, NONE } from "@tidemark/data/shapes";
import { AccessRows } from "./access-rows.ts";
import type { SourceContext } from "./format.ts";
import { PageMaps } from "./page-maps.ts";
import type { RawAccesses } from "./raw-batch.ts";

/** Pages of the longest access that a record can tell, 65,535 bytes. */
const PAGES_MAX = 17;

/** What DynamoRIO's memory traces tell, whether in binary or as text: accesses in order, when they were, and where their pages lie. */
export class MemrefRows {
  readonly #rows = new AccessRows();
  readonly #context: SourceContext;
  readonly #originNs: bigint;
  #timeNs = 0;
  /** Where the instruction behind the last one begins. */
  #nextHi = 0;
  #nextLo = 0;
  #space = 0;
  #physical = 0n;
  #pageBytes = 4096;
  readonly #mapsOf = new Map<number, PageMaps>();
  /** A page that lies elsewhere from here on. */
  #moved: { readonly maps: PageMaps; readonly vpn: number; readonly pages: number; readonly ppn: number } | undefined;
  /** Whether the trace tells physical addresses; what stands in front of its first access decides. */
  #isPhysical = false;
  #hasAccesses = false;
  #unplaced = 0;
  /** Prefetches and flushes of caches, which are left. */
  hints = 0;

  constructor(context: SourceContext) {
    this.#context = context;
    this.#originNs = BigInt(context.plan.timeOriginNs);
    context.captured("accesses");
  }

  /** Whether so many more accesses fit, and all of them find their pages where those before them do. */
  hasRoom(accesses: number): boolean {
    return this.#moved === undefined && this.#rows.hasRoom(PAGES_MAX * accesses);
  }

  /** A read or write. A size of 0 is one that the tracer does not know, as that of XSAVE: it counts for one page. */
  access(row: number, kind: number, hi: number, lo: number, size: number): void {
    this.#hasAccesses = true;
    this.#rows.addVirtual(this.#timeNs, row, kind, hi, lo, size);
  }

  /** An instruction takes 1 ns. A size of 0 only tells where one is whose fetch was filtered out. */
  fetch(row: number, hi: number, lo: number, size: number): void {
    if (size === 0) return;
    this.#timeNs++;
    this.access(row, FETCH, hi, lo, size);
    this.#nextHi = lo + size > 0xffff_ffff ? hi + 1 : hi;
    this.#nextLo = (lo + size) >>> 0;
  }

  /** The instruction behind the last one. */
  fetchNext(row: number, size: number): void {
    this.fetch(row, this.#nextHi, this.#nextLo, size);
  }

  /** An instruction that is executed once more without being fetched. */
  executeAgain(): void {
    this.#timeNs++;
  }

  /** Time of the tracer's buffer that begins: µs since 1601. Time never goes back. */
  timestamp(ticks: bigint): void {
    const ns = ticks * 1000n;
    const time = ns - this.#originNs;
    if (time < 0n)
      throw new InputError(`${this.#context.name}: timestamp ${ticks} µs since 1601 is before the time origin ${this.#originNs} ns`);
    if (time > BigInt(Number.MAX_SAFE_INTEGER))
      throw new InputError(
        `${this.#context.name}: timestamp ${ticks} µs since 1601 is 2^53 ns (104 days) or later; subtract an origin, the same for all threads: --time-origin ${ns / 1_000_000_000n}s`,
      );
    this.#timeNs = Math.max(this.#timeNs, Number(time));
  }

  set cpu(cpu: number) {
    this.#rows.vcpu = Math.min(cpu, 0xff);
  }

  set space(space: number) {
    this.#space = this.#rows.space = space;
  }

  set pageBytes(bytes: number) {
    if (bytes >= 4096 && Math.log2(bytes) % 1 === 0) this.#pageBytes = bytes;
  }

  /** Where the page lies whose virtual address comes next. */
  set physical(address: bigint) {
    this.#physical = address;
  }

  /** The page of a virtual address lies at the physical address told before; undefined: it is not known where. */
  map(row: number, virtual: bigint | undefined): void {
    this.#isPhysical ||= !this.#hasAccesses;
    if (!this.#isPhysical || virtual === undefined) return;
    const pages = this.#pageBytes / 4096;
    const vpn = Math.floor(Number(virtual >> 12n) / pages) * pages;
    const ppn = Math.floor(Number(this.#physical >> 12n) / pages) * pages;
    if (ppn + pages > NONE) {
      this.#context.reject(
        row,
        "",
        `physical address 0x${this.#physical.toString(16)} is beyond the last page that a trace can name (2^44 bytes)`,
      );
      return;
    }
    let maps = this.#mapsOf.get(this.#space);
    if (maps === undefined) this.#mapsOf.set(this.#space, (maps = new PageMaps()));
    const known = maps.find(vpn);
    if (known === NONE) maps.add(vpn, pages, ppn);
    else if (known !== ppn) this.#moved = { maps, vpn, pages, ppn };
  }

  /** The accesses since the last time, each where its page lies. */
  take(): RawAccesses {
    const raw = this.#rows.take();
    if (this.#isPhysical) this.#unplaced += place(raw, this.#mapsOf);
    if (this.#moved !== undefined) this.#moved.maps.add(this.#moved.vpn, this.#moved.pages, this.#moved.ppn);
    this.#moved = undefined;
    return raw;
  }

  /** To be called at the end. */
  finish(): void {
    if (this.hints > 0) this.#context.note(`not stored: ${this.hints} prefetches and flushes`);
    if (this.#unplaced > 0) this.#context.note(`not stored: ${this.#unplaced} accesses without a physical address, where others have one`);
  }
}

/** Fills in where the pages of accesses lie; takes out those of which nobody says it, and counts them. */
function place(raw: RawAccesses, mapsOf: ReadonlyMap<number, PageMaps>): number {
  let kept = 0;
  for (let i = 0; i < raw.length; i++) {
    const space = raw.space?.[i] ?? 0;
    const ppn = mapsOf.get(space)?.find(raw.vpnHi[i] * 2 ** 32 + raw.vpnLo[i]) ?? NONE;
    if (ppn === NONE) continue;
    raw.ppn[kept] = ppn;
    if (kept < i) {
      for (const column of [raw.timeNs, raw.row, raw.vcpu, raw.kind, raw.vpnHi, raw.vpnLo]) column[kept] = column[i];
      if (raw.space !== undefined) raw.space[kept] = space;
    }
    kept++;
  }
  const left = raw.length - kept;
  raw.length = kept;
  return left;
}
