import type { Core } from "../core.ts";
import { empty, fieldsOf, layRings, NO_KEY, oldestOf, renew, replaceOldest } from "./lru-ring.ts";
import { LEVELS_MAX } from "./page-size.ts";

/** Level that has no cache, and table whose address none has. */
const NONE = -1;
/** Fields from slot to slot. */
const NEXT = fieldsOf(1);

/**
 * The paging-structure caches of one dimension: addresses of page tables, in set-associative arrays with true LRU. Tables are few enough
 * that each knows its slot, so that nothing is searched.
 */
export class WalkCaches {
  /** Table → its slot. */
  readonly #slotOf: Int32Array;
  /** Rings of slots, and behind them the heads of the sets. */
  readonly #slots: Int32Array;
  readonly #heads: number;
  /** Level of a table → head of the first set of its array, and that array's sets − 1. */
  readonly #headOf = new Int32Array(LEVELS_MAX + 1);
  readonly #maskOf = new Int32Array(LEVELS_MAX + 1).fill(NONE);

  /** `tables`: how many there are, of all levels. */
  constructor(arrays: Core["paging"], tables: number) {
    this.#slotOf = new Int32Array(tables).fill(NONE);
    this.#heads = fieldsOf(arrays.reduce((sum, { entries }) => sum + entries, 0));
    this.#slots = new Int32Array(this.#heads + arrays.reduce((sum, { entries, ways }) => sum + entries / ways, 0));
    let slot = 0;
    let head = this.#heads;
    for (const { tables: levels, entries, ways } of arrays) {
      layRings(this.#slots, slot, entries, ways, head);
      for (const level of levels) {
        this.#headOf[level] = head;
        this.#maskOf[level] = entries / ways - 1;
      }
      slot += fieldsOf(entries);
      head += entries / ways;
    }
  }

  /** Whether the address of a table is there; it becomes the most recent of its set. */
  find(table: number): boolean {
    const slot = this.#slotOf[table];
    if (slot === NONE) return false;
    renew(this.#slots, slot);
    return true;
  }

  /** Puts in the address of a table that is not there, as the most recent of its set; the least recent goes. `index` picks the set by its low bits. */
  insert(table: number, level: number, index: number): void {
    const mask = this.#maskOf[level];
    if (mask === NONE) return;
    const head = (this.#headOf[level] + (index & mask)) | 0;
    const slots = this.#slots;
    const slot = oldestOf(slots, head);
    const gone = slots[slot];
    if (gone !== NO_KEY) this.#slotOf[gone] = NONE;
    this.#slotOf[table] = slot;
    replaceOldest(slots, head, slot, table);
  }

  /** Drops every table that `stale` names; the order of the others stays. */
  dropWhere(stale: (table: number) => boolean): void {
    for (let slot = 0; slot < this.#heads; slot += NEXT) {
      const table = this.#slots[slot];
      if (table === NO_KEY || !stale(table)) continue;
      this.#slotOf[table] = NONE;
      empty(this.#slots, slot);
    }
  }

  clear(): void {
    this.dropWhere(() => true);
  }

  /** Tables whose addresses are there, in no order. */
  tables(): readonly number[] {
    return [...this.#slots.subarray(0, this.#heads)].filter((table, at) => at % NEXT === 0 && table !== NO_KEY);
  }
}
