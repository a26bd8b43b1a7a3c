import { empty, fieldsOf, layRings, NO_KEY, oldestOf, renew, replaceOldest } from "./lru-ring.ts";

/** Ways beyond which a search costs more than a look at `#likes`, and how many counts that has. */
const WIDE = 12,
  LIKES = 512;
/** Fields from slot to slot. */
const NEXT = fieldsOf(1);

/** A set-associative cache of keys with true LRU. Sets are a power of two and are picked by the low bits of `index`. */
export class LruSets {
  /** Rings of slots, and behind them the heads of the sets. */
  readonly #slots: Int32Array;
  readonly #heads: number;
  /** Fields of a set. */
  readonly #width: number;
  /** Sets − 1. */
  readonly #mask: number;
  /** Of a wide cache, how many of its keys have these low bits: most misses need no search. */
  readonly #likes: Int32Array | undefined;

  constructor(entries: number, ways: number) {
    const sets = entries / ways;
    this.#heads = fieldsOf(entries);
    this.#width = fieldsOf(ways);
    this.#mask = sets - 1;
    this.#slots = new Int32Array(this.#heads + sets);
    layRings(this.#slots, 0, entries, ways, this.#heads);
    this.#likes = sets === 1 && ways > WIDE ? new Int32Array(LIKES) : undefined;
  }

  /** Whether the key is there; it becomes the most recent of its set. */
  find(key: number, index: number): boolean {
    const likes = this.#likes;
    if (likes !== undefined && likes[key & (LIKES - 1)] === 0) return false;
    const slot = this.#search(key, index);
    if (slot === -1) return false;
    renew(this.#slots, slot);
    return true;
  }

  /** Puts in a key that is not there, as the most recent of its set; the least recent goes. */
  insert(key: number, index: number): void {
    const slots = this.#slots;
    const head = (this.#heads + (index & this.#mask)) | 0;
    const slot = oldestOf(slots, head);
    const likes = this.#likes;
    if (likes !== undefined) {
      const gone = slots[slot];
      if (gone !== NO_KEY) likes[gone & (LIKES - 1)]--;
      likes[key & (LIKES - 1)]++;
    }
    replaceOldest(slots, head, slot, key);
  }

  drop(key: number, index: number): void {
    const slot = this.#search(key, index);
    if (slot !== -1) this.#empty(slot);
  }

  /** Drops every key that `stale` names; the order of the others stays. */
  dropWhere(stale: (key: number) => boolean): void {
    for (let slot = 0; slot < this.#heads; slot += NEXT) {
      const key = this.#slots[slot];
      if (key !== NO_KEY && stale(key)) this.#empty(slot);
    }
  }

  clear(): void {
    for (let slot = 0; slot < this.#heads; slot += NEXT) this.#slots[slot] = NO_KEY;
    this.#likes?.fill(0);
  }

  /** What is there, in no order. */
  keys(): readonly number[] {
    return [...this.#slots.subarray(0, this.#heads)].filter((key, at) => at % NEXT === 0 && key !== NO_KEY);
  }

  /** The slot of a key; −1 where it is not there. */
  #search(key: number, index: number): number {
    const slots = this.#slots;
    const width = this.#width;
    let slot = Math.imul(index & this.#mask, width);
    const end = (slot + width) | 0;
    for (; slot < end; slot = (slot + NEXT) | 0) if (slots[slot] === key) return slot;
    return -1;
  }

  #empty(slot: number): void {
    if (this.#likes !== undefined) this.#likes[this.#slots[slot] & (LIKES - 1)]--;
    empty(this.#slots, slot);
  }
}
