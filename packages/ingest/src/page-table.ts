import { doubled } from "./doubled.ts";

const LOAD = 0.5;
const FIRST_LEAVES = 1 << 8;
const FIRST_PAGES = 1 << 10;

/** A leaf has the numbers of 8 neighbouring VPNs. With 16 a captured guest takes 5 % less time, and objects of random numbers twice the memory. */
const LEAF_BITS = 3;
const LEAF_PAGES = 1 << LEAF_BITS;
const LEAF_MASK = LEAF_PAGES - 1;

/** Words of a leaf's key: the VPN without its last bits, the VPN's upper half, the space, one to spare. */
const KEY_WORDS = 4;
const VPN_HI = 1;
const SPACE = 2;

/** Words of a page's record, which are two doubles as well. */
const RECORD_WORDS = 4;

/**
 * Dense numbers for the (space, VPN) pairs of one VM, in order of first touch, and a record of 16 bytes per page for whoever
 * uses them. Accesses come in runs of neighbours, so what is looked up is a leaf of 8 pages: the table of leaves stays in a
 * core's cache where one of pages would not. Open addressing, linear probing.
 */
export class PageTable {
  length = 0;
  /** Records, all zeros at first: four words of a page from `4 * page` on, or two doubles of `times` from `2 * page` on. */
  words = new Int32Array(FIRST_PAGES * RECORD_WORDS);
  times = new Float64Array(this.words.buffer);
  /** By page: where its number stands in `#numbers`. */
  #placeOf = new Uint32Array(FIRST_PAGES);
  #leaves = 0;
  #keys = new Int32Array(FIRST_LEAVES * KEY_WORDS);
  /** Page + 1, by leaf and the VPN's last bits; 0: none. */
  #numbers = new Int32Array(FIRST_LEAVES * LEAF_PAGES);
  /** Leaf + 1; 0: free. */
  #slots = new Int32Array(2 * FIRST_LEAVES);
  #mask = 2 * FIRST_LEAVES - 1;

  /** The page of a key; a new number where the key is new. */
  pageOf(vpnLo: number, vpnHi: number, space: number): number {
    const place = this.#placeIn(vpnLo | 0, vpnHi | 0, space);
    const page = this.#numbers[place] - 1;
    return page < 0 ? this.#add(place) : page;
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
    let keys = this.#keys;
    let slots = this.#slots;
    let numbers = this.#numbers;
    let mask = this.#mask;
    for (let i = from, o = at; i < to; i++, o++) {
      const lo = vpnLo[i] | 0;
      const hi = vpnHi[i] | 0;
      const space = spaces === undefined ? 0 : spaces[i - from];
      const top = lo >>> LEAF_BITS;
      let slot = hashOf(top, hi, space) & mask;
      let leaf = slots[slot] - 1;
      while (
        leaf >= 0 &&
        (keys[leaf * KEY_WORDS] !== top || keys[leaf * KEY_WORDS + VPN_HI] !== hi || keys[leaf * KEY_WORDS + SPACE] !== space)
      ) {
        slot = (slot + 1) & mask;
        leaf = slots[slot] - 1;
      }
      const page = leaf < 0 ? -1 : numbers[leaf * LEAF_PAGES + (lo & LEAF_MASK)] - 1;
      if (page >= 0) {
        out[o] = page;
        continue;
      }
      out[o] = this.pageOf(lo, hi, space);
      keys = this.#keys;
      slots = this.#slots;
      numbers = this.#numbers;
      mask = this.#mask;
    }
  }

  /** The page of a key; -1 where the key is new. */
  find(vpnLo: number, vpnHi: number, space: number): number {
    const leaf = this.#slots[this.#slotOf(vpnLo | 0, vpnHi | 0, space)] - 1;
    return leaf < 0 ? -1 : this.#numbers[leaf * LEAF_PAGES + (vpnLo & LEAF_MASK)] - 1;
  }

  vpnOf(page: number): number {
    const place = this.#placeOf[page];
    const key = (place >>> LEAF_BITS) * KEY_WORDS;
    return (this.#keys[key + VPN_HI] >>> 0) * 2 ** 32 + this.#keys[key] * LEAF_PAGES + (place & LEAF_MASK);
  }

  /** Number of the page's space. */
  spaceOf(page: number): number {
    return this.#keys[(this.#placeOf[page] >>> LEAF_BITS) * KEY_WORDS + SPACE];
  }

  /** Where the number of a key stands, in a leaf made for it where there was none. */
  #placeIn(lo: number, hi: number, space: number): number {
    const slot = this.#slotOf(lo, hi, space);
    const leaf = this.#slots[slot] === 0 ? this.#addLeaf(slot, lo >>> LEAF_BITS, hi, space) : this.#slots[slot] - 1;
    return leaf * LEAF_PAGES + (lo & LEAF_MASK);
  }

  /** The slot of a key's leaf, or the free one where it belongs. */
  #slotOf(lo: number, hi: number, space: number): number {
    const slots = this.#slots;
    const keys = this.#keys;
    const top = lo >>> LEAF_BITS;
    for (let slot = hashOf(top, hi, space) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const key = (slots[slot] - 1) * KEY_WORDS;
      if (key < 0 || (keys[key] === top && keys[key + VPN_HI] === hi && keys[key + SPACE] === space)) return slot;
    }
  }

  #add(place: number): number {
    const page = this.length++;
    if (page === this.#placeOf.length) this.#growRecords();
    this.#placeOf[page] = place;
    this.#numbers[place] = page + 1;
    return page;
  }

  /** Memory behind the last page is not touched, so twice the room costs nothing until it is used. */
  #growRecords(): void {
    this.#placeOf = doubled(this.#placeOf, Uint32Array);
    this.words = doubled(this.words, Int32Array);
    this.times = new Float64Array(this.words.buffer);
  }

  #addLeaf(slot: number, top: number, hi: number, space: number): number {
    const leaf = this.#leaves++;
    if (leaf * KEY_WORDS === this.#keys.length) {
      this.#keys = doubled(this.#keys, Int32Array);
      this.#numbers = doubled(this.#numbers, Int32Array);
    }
    this.#keys[leaf * KEY_WORDS] = top;
    this.#keys[leaf * KEY_WORDS + VPN_HI] = hi;
    this.#keys[leaf * KEY_WORDS + SPACE] = space;
    this.#slots[slot] = leaf + 1;
    if (this.#leaves >= this.#slots.length * LOAD) this.#growSlots();
    return leaf;
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let leaf = 0; leaf < this.#leaves; leaf++) {
      const key = leaf * KEY_WORDS;
      let slot = hashOf(this.#keys[key], this.#keys[key + VPN_HI], this.#keys[key + SPACE]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = leaf + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** Folded before the multiplication, too: of keys in strides of a power of two the low bits say nothing. */
function hashOf(top: number, hi: number, space: number): number {
  const key = top ^ Math.imul(hi, 0x85eb_ca6b) ^ Math.imul(space, 0xc2b2_ae35);
  const h = Math.imul(key ^ (key >>> 15), 0x9e37_79b1);
  return h ^ (h >>> 15);
}
