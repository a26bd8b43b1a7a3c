/** An empty way. Keys are any other Int32. */
export const NO_KEY = -1;

/** Ways beyond which a search costs more than a look at `#likes`, and how many counts that has. */
const WIDE = 12,
  LIKES = 512;
/** Ways beyond which a set is moved by the runtime's own copy. */
const COPIED = 32;

/**
 * A set-associative cache of keys with true LRU: the ways of a set stand in order of use, most recent first, so that a hit
 * moves to the front and an insertion drops the last. Sets are a power of two and are picked by the low bits of `index`.
 */
export class LruSets {
  readonly keys: Int32Array;
  readonly ways: number;
  /** Sets − 1. */
  readonly mask: number;
  /** Of a wide cache, how many of its keys have these low bits: most misses need no search. */
  readonly #likes: Uint8Array | undefined;

  constructor(entries: number, ways: number) {
    this.keys = new Int32Array(entries).fill(NO_KEY);
    this.ways = ways;
    this.mask = entries / ways - 1;
    this.#likes = entries === ways && ways > WIDE && ways < 256 ? new Uint8Array(LIKES) : undefined;
  }

  /** Whether the key is there; it becomes the most recent of its set. */
  find(key: number, index: number): boolean {
    const { keys, ways } = this;
    const likes = this.#likes;
    if (likes !== undefined && likes[key & (LIKES - 1)] === 0) return false;
    const first = Math.imul(index & this.mask, ways);
    if (keys[first] === key) return true;
    const end = first + ways;
    for (let at = first + 1; at < end; at++) {
      if (keys[at] === key) {
        for (; at > first; at--) keys[at] = keys[at - 1];
        keys[first] = key;
        return true;
      }
    }
    return false;
  }

  /** Puts in a key that is not there, as the most recent of its set; the least recent goes. */
  insert(key: number, index: number): void {
    const { keys, ways } = this;
    const first = Math.imul(index & this.mask, ways);
    const likes = this.#likes;
    if (likes !== undefined) {
      const last = keys[ways - 1];
      if (last !== NO_KEY) likes[last & (LIKES - 1)]--;
      likes[key & (LIKES - 1)]++;
    }
    if (ways > COPIED) keys.copyWithin(first + 1, first, first + ways - 1);
    else for (let at = first + ways - 1; at > first; at--) keys[at] = keys[at - 1];
    keys[first] = key;
  }

  drop(key: number, index: number): void {
    const { keys, ways } = this;
    const first = Math.imul(index & this.mask, ways);
    for (let at = first; at < first + ways; at++) {
      if (keys[at] !== key) continue;
      this.#forget(key);
      return this.#close(at, first + ways);
    }
  }

  /** Drops every key that `stale` names; the order of the others stays. */
  dropWhere(stale: (key: number) => boolean): void {
    const { keys, ways } = this;
    for (let first = 0; first < keys.length; first += ways) {
      let kept = first;
      for (let at = first; at < first + ways; at++) {
        const key = keys[at];
        if (key === NO_KEY) break;
        if (stale(key)) this.#forget(key);
        else keys[kept++] = key;
      }
      keys.fill(NO_KEY, kept, first + ways);
    }
  }

  clear(): void {
    this.keys.fill(NO_KEY);
    this.#likes?.fill(0);
  }

  #forget(key: number): void {
    if (this.#likes !== undefined) this.#likes[key & (LIKES - 1)]--;
  }

  #close(at: number, end: number): void {
    for (; at < end - 1; at++) this.keys[at] = this.keys[at + 1];
    this.keys[end - 1] = NO_KEY;
  }
}
