const LOAD = 0.7;
const FIRST_SLOTS = 1 << 12;
/** Words of a slot: VPN low, VPN high, number of the space, page + 1 (0: free). One slot is a quarter of a cache line. */
const WORDS = 4;

/** Dense numbers for the (space, VPN) pairs of one VM, in order of first touch. Open addressing, linear probing. */
export class PageTable {
  length = 0;
  #slots = new Int32Array(FIRST_SLOTS * WORDS);
  #mask = FIRST_SLOTS - 1;
  #limit = Math.floor(FIRST_SLOTS * LOAD);

  /** The page of a key; -1 where the key is new. */
  find(vpnLo: number, vpnHi: number, space: number): number {
    const slots = this.#slots;
    const lo = vpnLo | 0;
    const hi = vpnHi | 0;
    for (let slot = hashOf(lo, hi, space) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (slots[at + 3] === 0) return -1;
      if (slots[at] === lo && slots[at + 1] === hi && slots[at + 2] === space) return slots[at + 3] - 1;
    }
  }

  /** The page of a key; a new number where the key is new. */
  pageOf(vpnLo: number, vpnHi: number, space: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const lo = vpnLo | 0;
    const hi = vpnHi | 0;
    let slot = hashOf(lo, hi, space) & mask;
    for (;;) {
      const at = slot * WORDS;
      const page = slots[at + 3];
      if (page === 0) return this.#insert(at, lo, hi, space);
      if (slots[at] === lo && slots[at + 1] === hi && slots[at + 2] === space) return page - 1;
      slot = (slot + 1) & mask;
    }
  }

  #insert(at: number, lo: number, hi: number, space: number): number {
    const slots = this.#slots;
    slots[at] = lo;
    slots[at + 1] = hi;
    slots[at + 2] = space;
    slots[at + 3] = ++this.length;
    if (this.length >= this.#limit) this.#grow();
    return this.length - 1;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length / WORDS - 1;
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + 3] === 0) continue;
      let slot = hashOf(old[from], old[from + 1], old[from + 2]) & mask;
      while (slots[slot * WORDS + 3] !== 0) slot = (slot + 1) & mask;
      const at = slot * WORDS;
      slots[at] = old[from];
      slots[at + 1] = old[from + 1];
      slots[at + 2] = old[from + 2];
      slots[at + 3] = old[from + 3];
    }
    this.#slots = slots;
    this.#mask = mask;
    this.#limit = Math.floor((mask + 1) * LOAD);
  }

  /** VPN and number of the space of every page. */
  keys(): { readonly vpn: Float64Array; readonly space: Int32Array } {
    const vpn = new Float64Array(this.length);
    const space = new Int32Array(this.length);
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += WORDS) {
      const page = slots[at + 3] - 1;
      if (page < 0) continue;
      vpn[page] = (slots[at + 1] >>> 0) * 2 ** 32 + (slots[at] >>> 0);
      space[page] = slots[at + 2];
    }
    return { vpn, space };
  }
}

/** Four neighbouring VPNs share a cache line; the lines are scattered. */
function hashOf(lo: number, hi: number, space: number): number {
  let h = Math.imul((lo >>> 2) ^ Math.imul(hi, 0x85eb_ca6b) ^ Math.imul(space, 0xc2b2_ae35), 0x9e37_79b1);
  h ^= h >>> 15;
  return (h << 2) | (lo & 3);
}
