const LOAD = 0.5;
const FIRST_SLOTS = 1 << 12;
const FIRST_PAGES = 1 << 10;

/** Words of a page's record, half a cache line; the last four are two doubles as well. */
const WORDS = 8;
const VPN_LO = 0;
const VPN_HI = 1;
const SPACE = 2;

/**
 * Dense numbers for the (space, VPN) pairs of one VM, in order of first touch, and a record per page that lies with its
 * key, so that a page costs one cache miss beside the small table of slots. Open addressing, linear probing.
 */
export class PageTable {
  length = 0;
  /** Records: the key, then what their user keeps in words 3 to 7, or in the doubles of `times` at the same place. */
  words = new Int32Array(FIRST_PAGES * WORDS);
  times = new Float64Array(this.words.buffer);
  /** Page + 1; 0: free. */
  #slots = new Int32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;

  /** The page of a key; a new number where the key is new, and zeros in its record. */
  pageOf(vpnLo: number, vpnHi: number, space: number): number {
    const slots = this.#slots;
    const words = this.words;
    const lo = vpnLo | 0;
    const hi = vpnHi | 0;
    for (let slot = hashOf(lo, hi, space) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const page = slots[slot] - 1;
      if (page < 0) return this.#insert(slot, lo, hi, space);
      const at = page * WORDS;
      if (words[at] === lo && words[at + VPN_HI] === hi && words[at + SPACE] === space) return page;
    }
  }

  /**
   * The pages of keys `[from, to)`, into `out` from `at` on. `spaces`: by row from 0 on; undefined: all 0. A loop of its own,
   * short enough for the processor to wait for several rows' cache misses at once.
   */
  pagesOf(
    vpnLo: Uint32Array,
    vpnHi: Uint32Array,
    spaces: Int32Array | undefined,
    from: number,
    to: number,
    out: Uint32Array,
    at: number,
  ): void {
    let slots = this.#slots;
    let mask = this.#mask;
    let words = this.words;
    for (let i = from, o = at; i < to; i++, o++) {
      const lo = vpnLo[i] | 0;
      const hi = vpnHi[i] | 0;
      const space = spaces === undefined ? 0 : spaces[i - from];
      for (let slot = hashOf(lo, hi, space) & mask; ; slot = (slot + 1) & mask) {
        const page = slots[slot] - 1;
        if (page < 0) {
          out[o] = this.#insert(slot, lo, hi, space);
          slots = this.#slots;
          mask = this.#mask;
          words = this.words;
          break;
        }
        const record = page * WORDS;
        if (words[record] === lo && words[record + VPN_HI] === hi && words[record + SPACE] === space) {
          out[o] = page;
          break;
        }
      }
    }
  }

  /** The page of a key; -1 where the key is new. */
  find(vpnLo: number, vpnHi: number, space: number): number {
    const lo = vpnLo | 0;
    const hi = vpnHi | 0;
    for (let slot = hashOf(lo, hi, space) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const page = this.#slots[slot] - 1;
      const at = page * WORDS;
      if (page < 0 || (this.words[at] === lo && this.words[at + VPN_HI] === hi && this.words[at + SPACE] === space)) return page;
    }
  }

  vpnOf(page: number): number {
    return (this.words[page * WORDS + VPN_HI] >>> 0) * 2 ** 32 + (this.words[page * WORDS + VPN_LO] >>> 0);
  }

  /** Number of the page's space. */
  spaceOf(page: number): number {
    return this.words[page * WORDS + SPACE];
  }

  #insert(slot: number, lo: number, hi: number, space: number): number {
    const page = this.length++;
    const at = page * WORDS;
    if (at === this.words.length) this.#growRecords();
    this.words[at + VPN_LO] = lo;
    this.words[at + VPN_HI] = hi;
    this.words[at + SPACE] = space;
    this.#slots[slot] = page + 1;
    if (this.length >= this.#slots.length * LOAD) this.#growSlots();
    return page;
  }

  /** Memory behind the last page is not touched, so twice the room costs nothing until it is used. */
  #growRecords(): void {
    const words = new Int32Array(2 * this.words.length);
    words.set(this.words);
    this.words = words;
    this.times = new Float64Array(words.buffer);
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let page = 0; page < this.length; page++) {
      const at = page * WORDS;
      let slot = hashOf(this.words[at], this.words[at + VPN_HI], this.words[at + SPACE]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = page + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** Four neighbouring VPNs stand side by side; the fours are scattered. More would queue up behind each other. */
function hashOf(lo: number, hi: number, space: number): number {
  let h = Math.imul((lo >>> 2) ^ Math.imul(hi, 0x85eb_ca6b) ^ Math.imul(space, 0xc2b2_ae35), 0x9e37_79b1);
  h ^= h >>> 15;
  return (h << 2) | (lo & 3);
}
