/**
 * Page accesses made from formulas, the same everywhere: integer arithmetic, and of floating point only what IEEE 754 rounds exactly.
 * The miss counts in `facts/` were measured on these.
 */

/** sfc32 (Doty-Humphrey, PractRand) seeded with three constants; 15 outputs dropped. */
class Generator {
  #a = 42;
  #b = 0x9e3779b9 | 0;
  #c = 0x243f6a88 | 0;
  #counter = 1;

  constructor() {
    for (let i = 0; i < 15; i++) this.uint32();
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1), 32 bits. */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** In [0, 1), 53 bits. */
  fineUnit(): number {
    const high = this.uint32() * 2 ** 21;
    return (high + (this.uint32() >>> 11)) / 2 ** 53;
  }

  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }
}

/** Rank r is drawn with probability (1/r) / H; ranks are scattered over the page numbers. `distinct` is a power of two. */
export function zipfPages(distinct: number, accesses: number): Uint32Array {
  const generator = new Generator();
  const upTo = new Float64Array(distinct);
  let sum = 0;
  for (let rank = 0; rank < distinct; rank++) upTo[rank] = sum += 1 / (rank + 1);
  return Uint32Array.from({ length: accesses }, () => {
    const x = generator.fineUnit() * sum;
    let low = 0;
    let high = distinct - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle] > x) high = middle;
      else low = middle + 1;
    }
    return Math.imul(low, 0x9e3779b1) & (distinct - 1);
  });
}

/** 60 % the next page of a loop over the first 40 %, 30 % anywhere in the next 5 %, 10 % anywhere. */
export function loopMixPages(distinct: number, accesses: number): Uint32Array {
  const generator = new Generator();
  const loop = Math.floor(0.4 * distinct);
  const hot = Math.floor(0.05 * distinct);
  let next = 0;
  return Uint32Array.from({ length: accesses }, () => {
    const x = generator.unit();
    if (x >= 0.9) return generator.below(distinct);
    if (x >= 0.6) return loop + generator.below(hot);
    const page = next;
    next = (next + 1) % loop;
    return page;
  });
}

/** Eight phases of equal length, each over its own eighth of the pages; 5 % anywhere. */
export function phasePages(distinct: number, accesses: number): Uint32Array {
  const generator = new Generator();
  const phase = Math.ceil(accesses / 8);
  const span = distinct >>> 3;
  return Uint32Array.from({ length: accesses }, (_, i) => {
    const first = Math.floor(i / phase) * span;
    return generator.unit() < 0.05 ? generator.below(distinct) : first + generator.below(span);
  });
}

/** All pages in turn, again and again. */
export const scanPages = (distinct: number, accesses: number): Uint32Array =>
  Uint32Array.from({ length: accesses }, (_, i) => i % distinct);
