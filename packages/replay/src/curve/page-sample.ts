import type { Random } from "../random.ts";

/** Where a page is not in the sample. */
export const NOT_SAMPLED = 0xffff_ffff;

/** Pages drawn from those of a trace. */
export interface PageSample {
  /** How many were drawn. */
  readonly size: number;
  /** A bit per page number: whether it was drawn. */
  readonly bits: Int32Array;
  /** Page number → 0 … size − 1, NOT_SAMPLED for the others. */
  readonly slotOf: Uint32Array;
  /** Slot → group: equal parts of the sample, by chance. */
  readonly groupOf: Uint8Array;
}

/**
 * Draws ⌈rate · pages⌉ of `pages` (numbers below `pageCount`), each set of so many equally likely: selection sampling (Knuth 1997
 * §3.4.2, algorithm S). Groups are shuffled over the whole sample: dealt out in its order they would be more alike than chance makes
 * them.
 */
export function samplePages(pages: Uint32Array, pageCount: number, rate: number, groups: number, random: Random): PageSample {
  const size = Math.min(pages.length, Math.ceil(rate * pages.length));
  const bits = new Int32Array(Math.ceil(pageCount / 32));
  const slotOf = new Uint32Array(pageCount).fill(NOT_SAMPLED);
  const groupOf = Uint8Array.from({ length: size }, (_, slot) => slot % groups);
  for (let left = size; left > 1; left--) {
    const other = Math.floor(random() * left);
    [groupOf[left - 1], groupOf[other]] = [groupOf[other], groupOf[left - 1]];
  }
  let drawn = 0;
  for (let i = 0; i < pages.length && drawn < size; i++) {
    if (random() * (pages.length - i) >= size - drawn) continue;
    const page = pages[i];
    bits[page >>> 5] |= 1 << (page & 31);
    slotOf[page] = drawn++;
  }
  return { size, bits, slotOf, groupOf };
}
