import { ALLOC, BATCH_ROWS, FREE, NONE, SWITCH, UNKNOWN } from "@tidemark/data/shapes";
import type { RowOrigin } from "./cell-batch.ts";
import { guestColumns, rawAccesses, rawGuest, type RawAccesses, type RawGuest } from "./raw-batch.ts";

/** Accesses and guest events of one source as its lines tell them, handed out in batches of one kind, so that no time goes back. */
export class EventRows {
  readonly #accesses: RawAccesses;
  readonly #spaces: Float64Array;
  readonly #guest: RawGuest;
  /** Whether the accesses of a VM have PPNs. The first one decides; or allocator events, of which there are a whole batch before it. */
  readonly #hasPpns: boolean[] = [];
  /** Allocator events that were left, for the accesses of their VM do not say in which pages they are. */
  leftBlocks = 0;
  #lastIsGuest = false;
  /** Of what is added from now on: its line, when, and where. */
  line = 0;
  timeNs = 0;
  vm = 0;
  vcpu = 0;

  constructor(origin: RowOrigin) {
    this.#accesses = rawAccesses(BATCH_ROWS, origin);
    this.#accesses.count.fill(1);
    this.#spaces = this.#accesses.space ?? new Float64Array(BATCH_ROWS);
    this.#guest = rawGuest(BATCH_ROWS, origin);
  }

  /**
   * An access to a page. `space` NaN: not known; `ppn` NONE: nobody says where it lies. False where the VM's page numbers
   * are told and this one's is not: then it is not added. Where they are not, a PPN is left out.
   */
  addAccess(kind: number, space: number, vpnHi: number, vpnLo: number, ppn: number): boolean {
    const hasPpns = (this.#hasPpns[this.vm] ??= this.#decide(ppn !== NONE));
    if (hasPpns && ppn === NONE) return false;
    const raw = this.#accesses;
    const at = raw.length++;
    raw.timeNs[at] = this.timeNs;
    raw.row[at] = this.line;
    raw.vm[at] = this.vm;
    raw.vcpu[at] = this.vcpu;
    raw.kind[at] = kind;
    this.#spaces[at] = space;
    raw.vpnHi[at] = vpnHi;
    raw.vpnLo[at] = vpnLo;
    raw.ppn[at] = hasPpns ? ppn : NONE;
    this.#lastIsGuest = false;
    return true;
  }

  /** An access to a guest-physical page, which stands for its own virtual page. */
  addPhysical(kind: number, ppn: number): void {
    this.addAccess(kind, NaN, 0, ppn, ppn);
  }

  /** The page allocator gave out or took back `pages` pages from `ppn` on. */
  addBlock(kind: number, ppn: number, pages: number, pid: number, gfp: number, migratetype: number): void {
    if (this.#hasPpns[this.vm] === false) {
      this.leftBlocks++;
      return;
    }
    const at = this.#addGuest(kind);
    const raw = this.#guest;
    raw.ppn[at] = ppn;
    raw.count[at] = pages;
    raw.pid[at] = pid;
    raw.gfp[at] = gfp;
    raw.migratetype[at] = migratetype;
  }

  /** Of a VM's first access. Without PPNs, allocator events before it name pages that no access can be found in. */
  #decide(hasPpns: boolean): boolean {
    if (hasPpns) return true;
    const raw = this.#guest;
    const columns = guestColumns(raw);
    let kept = 0;
    for (let i = 0; i < raw.length; i++) {
      if (raw.vm[i] === this.vm && isBlock(raw.kind[i])) continue;
      for (const column of columns) column[kept] = column[i];
      kept++;
    }
    this.leftBlocks += raw.length - kept;
    raw.length = kept;
    return false;
  }

  /** A vCPU goes over to another address space. */
  addSwitch(space: number): void {
    const at = this.#addGuest(SWITCH);
    this.#guest.space[at] = this.#guest.value[at] = space;
  }

  #addGuest(kind: number): number {
    const raw = this.#guest;
    const at = raw.length++;
    raw.timeNs[at] = this.timeNs;
    raw.row[at] = this.line;
    raw.vm[at] = this.vm;
    raw.vcpu[at] = this.vcpu;
    raw.kind[at] = kind;
    raw.space[at] = 0;
    raw.value[at] = 0;
    raw.vpn[at] = NaN;
    raw.ppn[at] = NONE;
    raw.count[at] = 1;
    raw.pid[at] = NONE;
    raw.gfp[at] = NONE;
    raw.migratetype[at] = UNKNOWN;
    raw.level[at] = UNKNOWN;
    this.#lastIsGuest = true;
    return at;
  }

  /** Whether `ready` has something to hand out. To be asked after every line. */
  get isReady(): boolean {
    const { length: accesses } = this.#accesses;
    const { length: guest } = this.#guest;
    return (accesses > 0 && guest > 0) || accesses === BATCH_ROWS || guest === BATCH_ROWS;
  }

  /** What must be used before the next line. */
  *ready(): Generator<RawAccesses | RawGuest> {
    // Of two batches with rows one has those of the line just read, and the other those before it.
    if (this.#accesses.length > 0 && this.#guest.length > 0) yield* this.#give(this.#lastIsGuest ? this.#accesses : this.#guest);
    if (this.#accesses.length === BATCH_ROWS) yield* this.#give(this.#accesses);
    if (this.#guest.length === BATCH_ROWS) yield* this.#give(this.#guest);
  }

  /** To be asked between pieces of a text. Events before the first access wait for it. */
  *settled(): Generator<RawAccesses | RawGuest> {
    yield* this.ready();
    if (this.#hasPpns.length > 0) yield* this.rest();
  }

  /** To be asked at the end. */
  *rest(): Generator<RawAccesses | RawGuest> {
    yield* this.ready();
    if (this.#accesses.length > 0) yield* this.#give(this.#accesses);
    if (this.#guest.length > 0) yield* this.#give(this.#guest);
  }

  *#give<T extends RawAccesses | RawGuest>(raw: T): Generator<T> {
    if (raw.of === "guest") for (let i = 0; i < raw.length; i++) if (isBlock(raw.kind[i])) this.#hasPpns[raw.vm[i]] ??= true;
    yield raw;
    raw.length = 0;
  }
}

const isBlock = (kind: number): boolean => kind === ALLOC || kind === FREE;
