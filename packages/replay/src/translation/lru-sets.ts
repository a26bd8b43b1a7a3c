import type { Kernel } from "./kernel.ts";

/** A way without a key. Keys are any other Int32. */
const NO_KEY = -1;
/** Ways that are compared at once. */
const LANES = 4;
/** Numbers before the sets; as in wasm/translate-rows.ts. */
const HEAD = 8;
const [MASK, VECTORS, LAST, FILLING] = [0, 1, 2, 4];

/**
 * A set-associative cache of keys with true LRU. Sets are a power of two and are picked by the low bits of `index`. The keys of a set
 * stand in order of use, those that were never used or dropped last.
 */
export class LruSets {
  /** In the kernel's memory. */
  readonly at: number;
  readonly #kernel: Kernel;
  readonly #sets: Int32Array;
  /** Fields of a set, and its ways. */
  readonly #width: number;
  readonly #ways: number;

  constructor(kernel: Kernel, entries: number, ways: number) {
    const sets = entries / ways;
    this.#kernel = kernel;
    this.#ways = ways;
    this.#width = Math.ceil(ways / LANES) * LANES;
    const all = kernel.ints(HEAD + sets * this.#width);
    all[MASK] = sets - 1;
    all[VECTORS] = this.#width / LANES;
    all[LAST] = ways - 1;
    all.fill(-1, FILLING + ((ways - 1) % LANES) + 1, HEAD);
    this.at = all.byteOffset;
    this.#sets = all.subarray(HEAD).fill(NO_KEY);
  }

  /** Whether the key is there; it becomes the most recent of its set. */
  find(key: number, index: number): boolean {
    return this.#kernel.run.find(this.at, key, index) !== 0;
  }

  /** Puts in a key that is not there, as the most recent of its set; the least recent goes. */
  insert(key: number, index: number): void {
    this.#kernel.run.insert(this.at, key, index);
  }

  get sets(): number {
    return this.#sets.length / this.#width;
  }

  drop(key: number, index: number): void {
    const sets = this.#sets;
    const from = (index & (this.sets - 1)) * this.#width;
    const end = from + this.#ways;
    let slot = from;
    while (slot < end && sets[slot] !== key) slot++;
    if (slot === end) return;
    sets.copyWithin(slot, slot + 1, end);
    sets[end - 1] = NO_KEY;
  }

  /** Drops every key that `stale` names; the order of the others stays. */
  dropWhere(stale: (key: number) => boolean): void {
    const sets = this.#sets;
    for (let from = 0; from < sets.length; from += this.#width) {
      let kept = from;
      for (let slot = from; slot < from + this.#ways; slot++) {
        const key = sets[slot];
        if (key !== NO_KEY && !stale(key)) sets[kept++] = key;
      }
      sets.fill(NO_KEY, kept, from + this.#ways);
    }
  }

  clear(): void {
    this.#sets.fill(NO_KEY);
  }

  /** What is there, in no order. */
  keys(): readonly number[] {
    return [...this.#sets].filter((key) => key !== NO_KEY);
  }
}
