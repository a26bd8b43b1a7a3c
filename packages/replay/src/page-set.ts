import { NO_PAGE } from "./policy.ts";

/** A set of pages as bits, with a bit above for every word that has any: the next page in order is found in a few steps, however far it is. */
export class PageSet {
  /** Words of 32 pages; above, words of 32 words. */
  readonly #levels: readonly Uint32Array[];

  constructor(pages: number) {
    const levels: Uint32Array[] = [];
    for (let bits = pages; levels.length === 0 || bits > 1; bits = Math.ceil(bits / 32)) levels.push(new Uint32Array(Math.ceil(bits / 32)));
    this.#levels = levels;
  }

  add(page: number): void {
    let at = page;
    for (const words of this.#levels) {
      const had = words[at >>> 5];
      words[at >>> 5] = had | (1 << (at & 31));
      if (had !== 0) return;
      at >>>= 5;
    }
  }

  remove(page: number): void {
    let at = page;
    for (const words of this.#levels) {
      words[at >>> 5] &= ~(1 << (at & 31));
      if (words[at >>> 5] !== 0) return;
      at >>>= 5;
    }
  }

  /** Takes out the pages of [from, to). */
  removeRange(from: number, to: number): void {
    let page = this.from(from);
    while (page !== NO_PAGE && page < to) {
      this.remove(page);
      page = this.from(page);
    }
  }

  has(page: number): boolean {
    return (this.#levels[0][page >>> 5] & (1 << (page & 31))) !== 0;
  }

  /** The first page of the set from `page` on; NO_PAGE where there is none. */
  from(page: number): number {
    let at = page;
    for (const [level, words] of this.#levels.entries()) {
      const word = at >>> 5;
      if (word >= words.length) return NO_PAGE;
      const rest = words[word] & (-1 << (at & 31));
      if (rest !== 0) return this.#firstBelow(level, 32 * word + lowestBit(rest));
      at = word + 1;
    }
    return NO_PAGE;
  }

  /** The first page under a bit of a level. */
  #firstBelow(level: number, bit: number): number {
    let at = bit;
    for (let below = level - 1; below >= 0; below--) at = 32 * at + lowestBit(this.#levels[below][at]);
    return at;
  }
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
