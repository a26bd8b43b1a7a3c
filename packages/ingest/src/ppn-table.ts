import { doubled } from "./doubled.ts";

const LOAD = 0.7;
const FIRST = 1 << 10;

/** The PPNs of one VM in order of first access, and when each was first and last accessed. */
export class PpnTable {
  length = 0;
  highest = -1;
  ppn = new Uint32Array(FIRST);
  firstNs = new Float64Array(FIRST);
  lastNs = new Float64Array(FIRST);
  /** Index + 1; 0: free. */
  #slots = new Int32Array(2 * FIRST);

  /** Index of a PPN; a new one, first accessed now, where it is new. */
  indexOf(ppn: number, timeNs: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(ppn) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) if (this.ppn[slots[slot] - 1] === ppn) return slots[slot] - 1;
    return this.#add(slot, ppn, timeNs);
  }

  /** Notes an access; they may be told in any order. */
  touchedAt(index: number, timeNs: number): void {
    if (timeNs > this.lastNs[index]) this.lastNs[index] = timeNs;
  }

  #add(slot: number, ppn: number, timeNs: number): number {
    const index = this.length++;
    if (index === this.ppn.length) {
      this.ppn = doubled(this.ppn, Uint32Array);
      this.firstNs = doubled(this.firstNs, Float64Array);
      this.lastNs = doubled(this.lastNs, Float64Array);
    }
    this.ppn[index] = ppn;
    this.firstNs[index] = timeNs;
    this.lastNs[index] = timeNs;
    if (ppn > this.highest) this.highest = ppn;
    this.#slots[slot] = index + 1;
    if (this.length >= this.#slots.length * LOAD) this.#grow();
    return index;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.length; index++) {
      let slot = hashOf(this.ppn[index]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(ppn: number): number {
  const h = Math.imul(ppn, 0x9e37_79b1);
  return h ^ (h >>> 15);
}
