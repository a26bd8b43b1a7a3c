import { FAULT, INVLPG, MAP, SWITCH, UNMAP, WP, WRITE, type AccessBatch, type GuestBatch } from "@tidemark/data";
import { EntryIndex } from "./entry-index.ts";
import { EntryPpns } from "./entry-ppns.ts";
import { noGuestCounters, type GuestCounters } from "./guest-counters.ts";
import type { GuestListener } from "./guest-listener.ts";
import { mappedLevel, nodeAt, type GuestTables, type MappedSizes } from "./guest-tables.ts";
import { KERNEL_ROWS, type Kernel } from "./kernel.ts";
import { TABLE_ENTRIES } from "./page-size.ts";
import { nodeAtPlace, PLACE, PPN, RECORD, UNSEEN } from "./units.ts";
import type { VcpuState } from "./vcpu-state.ts";

export interface WatchPlan extends MappedSizes {
  readonly kernel: Kernel;
  readonly tables: GuestTables;
  /** The PPN of each entry is kept in these, in the record of every page that stands for it. */
  readonly records: Int32Array;
  readonly configuredPages: number;
  /** Rows stand in the order of the accesses: what happened between two of them can be told. */
  readonly isExact: boolean;
  /** The trace has INVLPG events: a changed entry implies none beside them. */
  readonly hasInvlpgs: boolean;
  /** The hypervisor's tables start warm: it is told of every mapping that was there from the start. */
  readonly warm: boolean;
}

/** No space. */
const NOWHERE = -1;

/** Rows that listeners are told of at once: few enough that the records of their pages stay in the nearest cache from one reader to the next. */
const STRETCH_ROWS = 256;

/**
 * Tells from a trace what its guest did to its page tables: which entries it wrote, what it invalidated, when it switched.
 * The rules stand in docs/translation.md.
 */
export class GuestWatch {
  readonly counters: GuestCounters = noGuestCounters();
  readonly #plan: WatchPlan;
  readonly #listeners: readonly GuestListener[];
  readonly #ppns: EntryPpns;
  readonly #vcpus = new Map<number, VcpuState>();
  readonly #spaceNumber: Map<number, number>;
  readonly #spaceValues: number[];
  readonly #unknownSpace: number;
  readonly #isSlotSeen: Uint8Array;
  readonly #isTableSeen: Uint8Array;
  /** How often a large mapping, and each of its 4 KB pages, was seen to change. */
  readonly #slotChanges: Int32Array;
  readonly #entryChanges: Int32Array;
  #index: EntryIndex | undefined;
  /** Row of the batch that is the first of the kernel's. */
  #base = 0;

  constructor(plan: WatchPlan, listeners: readonly GuestListener[]) {
    this.#plan = plan;
    this.#listeners = listeners;
    const { pages, slots, spaceValues, tableOf } = plan.tables;
    this.#ppns = new EntryPpns(plan.tables, plan.records);
    this.#spaceNumber = new Map(spaceValues.map((value, space) => [value, space]));
    this.#spaceValues = [...spaceValues];
    this.#unknownSpace = this.#spaceNumber.get(0) ?? NOWHERE;
    this.#isSlotSeen = new Uint8Array(slots);
    this.#isTableSeen = new Uint8Array(tableOf.length);
    this.#slotChanges = new Int32Array(slots);
    this.#entryChanges = new Int32Array(pages);
  }

  /** Rows of this VM. */
  accesses(batch: AccessBatch, from: number, to: number): void {
    for (let base = from; base < to; base += KERNEL_ROWS) {
      const end = Math.min(to, base + KERNEL_ROWS);
      this.#plan.kernel.load(batch, base, end);
      this.#look(batch, base, end);
    }
  }

  /** Rows `[base, to)`, which the kernel has. */
  #look(batch: AccessBatch, base: number, to: number): void {
    const { page, ppn, vcpu } = batch;
    const unknown = this.#unknownSpace;
    const { configuredPages, tables, records, kernel } = this.#plan;
    const { spaceOf } = tables;
    const isOneSpace = tables.rootOf.length === 1;
    this.#base = base;
    for (let at = base; at < to;) {
      const state = this.#vcpuOf(vcpu[at]);
      const { number } = state;
      const end = Math.min(to, at + STRETCH_ROWS);
      let start = at;
      const isAsBefore = kernel.run.areAsBefore(records.byteOffset, at - base, end - base, number) !== 0;
      for (; at < end; at++) {
        if (isOneSpace && (state.space === 0 || unknown === 0) && state.pending !== "wp")
          at = isAsBefore ? end : base + kernel.run.firstNews(records.byteOffset, at - base, end - base, number);
        if (at === end || vcpu[at] !== number) break;
        const record = RECORD * page[at];
        if (records[record + PPN] === (ppn[at] | 0) && state.pending !== "wp") {
          const space = spaceOf[nodeAtPlace(records[record + PLACE])];
          if (space === state.space || space === unknown) continue;
        }
        if (ppn[at] >= configuredPages) {
          this.#tellRows(state, batch, start, at);
          this.counters.outsideMemory += batch.count[at];
          start = at + 1;
        } else if (this.#notice(state, batch, start, at)) start = at;
      }
      this.#tellRows(state, batch, start, at);
    }
  }

  guestEvents(batch: GuestBatch, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const state = this.#vcpuOf(batch.vcpu[i]);
      switch (batch.kind[i]) {
        case SWITCH:
          this.counters.cr3Loads++;
          this.#load(state, this.#numberOf(batch.space[i]));
          break;
        case INVLPG: {
          const page = this.#find(batch.space[i], state, batch.vpn[i]);
          this.counters.invlpgs++;
          for (const listener of this.#listeners) listener.invalidated(state.number, page, false, true);
          break;
        }
        case FAULT:
          this.#faulted(state, "fault", batch.timeNs[i]);
          break;
        case WP:
          if (state.pending === "fault") state.pending = "wp";
          else this.#faulted(state, "wp", batch.timeNs[i]);
          break;
        case MAP:
        case UNMAP:
          this.#mapped(state, batch, i);
      }
    }
  }

  /** The pmap entry of a PPN changed. */
  forget(ppn: number): void {
    const entries = this.#ppns.entriesOf(ppn);
    for (const listener of this.#listeners) listener.forget(ppn, entries);
  }

  /** After the last row. */
  finish(): void {
    for (const state of this.#vcpus.values()) this.#giveUp(state);
  }

  /** A row that is not as expected. Whether anyone was told: of the rows from `start`, too, then. */
  #notice(state: VcpuState, batch: AccessBatch, start: number, i: number): boolean {
    const { tables, isExact } = this.#plan;
    const page = batch.page[i];
    const space = tables.spaceOfPage[page];
    const entry = tables.entryOf[page];
    const slot = tables.slotOf[page];
    const isKnownSpace = space !== this.#unknownSpace;
    const isOtherSpace = isKnownSpace && space !== state.space;
    const before = this.#ppns.of(entry);
    const hasMoved = before !== UNSEEN && before !== (batch.ppn[i] | 0);
    if (before === UNSEEN || hasMoved) this.#ppns.set(entry, batch.ppn[i] | 0);
    const hasChanged = hasMoved && this.#countChange(entry, slot);
    const isUser = tables.kernel[page] === 0;
    const isLocatable = !isUser || (isExact && isKnownSpace);
    const isNewSlot = this.#isSlotSeen[slot] === 0;
    const answersFault =
      state.pending !== "" &&
      isUser &&
      isLocatable &&
      space === state.pendingSpace &&
      batch.timeNs[i] > state.pendingNs &&
      (state.pending === "wp" ? batch.kind[i] === WRITE : isNewSlot || hasChanged);
    const isFound = this.#plan.warm && before === UNSEEN && !answersFault;
    const isToldOf = isOtherSpace || answersFault || hasChanged || isFound;
    if (isToldOf) this.#tellRows(state, batch, start, i);
    if (isOtherSpace) this.#enter(state, space);
    if (answersFault) this.#answer(state, page);
    if (answersFault || hasChanged) {
      const invalidates = hasChanged || !isNewSlot;
      if (invalidates) for (const listener of this.#listeners) listener.changed(page);
      if (isLocatable) this.#write(page, batch.timeNs[i]);
      else this.counters.ambiguousChanges++;
      if (invalidates) this.#invalidate(page, isLocatable && hasChanged);
    }
    if (isFound) for (const listener of this.#listeners) listener.found(page, batch.ppn[i]);
    this.#seen(page);
    return isToldOf;
  }

  /** Entry by entry; a large mapping is written as often as the most often changed of its pages. */
  #countChange(entry: number, slot: number): boolean {
    if (++this.#entryChanges[entry] <= this.#slotChanges[slot]) return false;
    this.#slotChanges[slot] = this.#entryChanges[entry];
    return true;
  }

  #mapped(state: VcpuState, batch: GuestBatch, i: number): void {
    const vpn = batch.vpn[i];
    const count = batch.count[i];
    const space = batch.space[i] === 0 ? (this.#spaceValues[state.space] ?? 0) : batch.space[i];
    for (let k = 0; k < count;) {
      const size = TABLE_ENTRIES ** (mappedLevel(this.#plan, space, vpn + k) - 1);
      const end = Number.isNaN(vpn) ? k + 1 : Math.min(count, k + size - ((vpn + k) % size));
      this.#mappedOne(state, batch, i, k, end);
      k = end;
    }
  }

  /** Pages `[from, to)` of a map or unmap event, which one leaf entry maps. */
  #mappedOne(state: VcpuState, batch: GuestBatch, i: number, from: number, to: number): void {
    const { tables, configuredPages } = this.#plan;
    const isMap = batch.kind[i] === MAP;
    let isWritten = false;
    let isInvalidated = false;
    for (let k = from; k < to; k++) {
      const page = this.#find(batch.space[i], state, batch.vpn[i] + k);
      if (page === -1) continue;
      const entry = tables.entryOf[page];
      const before = this.#ppns.of(entry);
      const after = isMap && batch.ppn[i] + k < configuredPages ? (batch.ppn[i] + k) | 0 : UNSEEN;
      const hasChanged = before !== UNSEEN && before !== after;
      if (state.pending !== "" && tables.kernel[page] === 0) this.#answer(state, page);
      if (hasChanged) for (const listener of this.#listeners) listener.changed(page);
      if (!isWritten) this.#write(page, batch.timeNs[i]);
      isWritten = true;
      this.#ppns.set(entry, after);
      if (hasChanged && !isInvalidated) {
        this.#invalidate(page, true);
        isInvalidated = true;
      }
      this.#seen(page);
    }
    if (!isWritten) this.counters.writesNotLocated++;
  }

  /** The leaf entry of a page is written, and before it those that point to tables not seen so far. */
  #write(page: number, timeNs: number): void {
    const { tables } = this.#plan;
    const leaf = tables.leafLevelOf[page];
    for (let level = tables.levels; level > leaf; level--) {
      const below = tables.tableOf[nodeAt(tables, page, level - 1)];
      if (this.#isTableSeen[below] === 0) this.#tellWrite(page, level, timeNs);
    }
    this.#tellWrite(page, leaf, timeNs);
  }

  #tellWrite(page: number, level: number, timeNs: number): void {
    this.counters.tableWrites++;
    for (const listener of this.#listeners) listener.written(page, level, timeNs);
  }

  /** INVLPG on every vCPU, which a changed entry implies; counted where the trace has none of its own. */
  #invalidate(page: number, isInstruction: boolean): void {
    const isShown = isInstruction && !this.#plan.hasInvlpgs;
    if (isShown) {
      this.counters.invlpgs++;
      this.counters.invlpgsImplied++;
    }
    for (const listener of this.#listeners) listener.invalidated(-1, page, true, isShown);
  }

  #seen(page: number): void {
    const { slotOf, leafNodeOf, tableOf, parentOf } = this.#plan.tables;
    if (this.#isSlotSeen[slotOf[page]] === 1) return;
    this.#isSlotSeen[slotOf[page]] = 1;
    for (let node = leafNodeOf[page]; node !== -1; node = parentOf[node]) this.#isTableSeen[tableOf[node]] = 1;
  }

  #faulted(state: VcpuState, kind: "fault" | "wp", timeNs: number): void {
    this.counters.faults++;
    this.#giveUp(state);
    state.pending = kind;
    state.pendingSpace = state.space;
    state.pendingNs = timeNs;
    if (!this.#plan.isExact || state.space === NOWHERE || state.space === this.#unknownSpace) this.#giveUp(state);
  }

  #answer(state: VcpuState, page: number): void {
    state.pending = "";
    for (const listener of this.#listeners) listener.faulted(page);
  }

  /** A fault that nothing located before the next one came, or the trace ended. */
  #giveUp(state: VcpuState): void {
    if (state.pending === "") return;
    this.counters.writesNotLocated++;
    this.#answer(state, -1);
  }

  #enter(state: VcpuState, space: number): void {
    const isFirst = state.space === NOWHERE || state.space === this.#unknownSpace;
    if (!isFirst) {
      this.counters.cr3Loads++;
      this.counters.cr3LoadsImplied++;
      this.#load(state, space);
      return;
    }
    state.space = space;
    for (const listener of this.#listeners) listener.entered(state.number, space);
  }

  #load(state: VcpuState, space: number): void {
    state.space = space;
    for (const listener of this.#listeners) listener.loaded(state.number, space);
  }

  /** Spaces that are loaded and never accessed get numbers after the others. */
  #numberOf(value: number): number {
    if (value === 0) return this.#unknownSpace;
    const known = this.#spaceNumber.get(value);
    if (known !== undefined) return known;
    this.#spaceNumber.set(value, this.#spaceValues.length);
    return this.#spaceValues.push(value) - 1;
  }

  #vcpuOf(number: number): VcpuState {
    const known = this.#vcpus.get(number);
    if (known !== undefined) return known;
    const state: VcpuState = { number, space: this.#unknownSpace, pending: "", pendingSpace: NOWHERE, pendingNs: 0 };
    this.#vcpus.set(number, state);
    for (const listener of this.#listeners) listener.entered(number, state.space);
    return state;
  }

  #find(spaceValue: number, state: VcpuState, vpn: number): number {
    this.#index ??= new EntryIndex(this.#plan.tables);
    return this.#index.find(spaceValue === 0 ? state.space : (this.#spaceNumber.get(spaceValue) ?? NOWHERE), vpn);
  }

  #tellRows(state: VcpuState, batch: AccessBatch, from: number, to: number): void {
    if (to > from) for (const listener of this.#listeners) listener.rows(state.number, batch, from, to, this.#base);
  }
}
