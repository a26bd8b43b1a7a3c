import type { Random } from "@tidemark/data";
import { counting, OUT_AT, playPieces } from "./counting.ts";

/** Where a page is not in the sample. */
export const NOT_SAMPLED = 0xffff_ffff;

/** Pages drawn from those of a trace. */
export interface PageSample {
  /** How many were drawn. */
  readonly size: number;
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
  const slotOf = new Uint32Array(pageCount).fill(NOT_SAMPLED);
  const groupOf = Uint8Array.from({ length: size }, (_, slot) => slot % groups);
  for (let left = size; left > 1; left--) {
    const other = Math.floor(random() * left);
    [groupOf[left - 1], groupOf[other]] = [groupOf[other], groupOf[left - 1]];
  }
  let drawn = 0;
  for (let i = 0; i < pages.length && drawn < size; i++) {
    if (random() * (pages.length - i) >= size - drawn) continue;
    slotOf[pages[i]] = drawn++;
  }
  return { size, slotOf, groupOf };
}

/** Puts the slots of those of the first `length` of `pages` that are in the sample into `slots`, in their order. Gives how many. */
export type SampleTouches = (pages: Uint32Array, length: number, slots: Uint32Array) => number;

export function sampleTouches({ slotOf }: PageSample): SampleTouches {
  const words = Math.ceil(slotOf.length / 32);
  const { run, at, rows, out, array, start, end } = counting([4 * words, 4 * slotOf.length]);
  /** A bit per page number: whether it was drawn. */
  const bits = array(at[0], words);
  slotOf.forEach((slot, page) => {
    if (slot !== NOT_SAMPLED) bits[page >>> 5] |= 1 << (page & 31);
  });
  array(at[1], slotOf.length).set(slotOf);
  return (pages, length, slots) => {
    let sampled = 0;
    playPieces(rows, pages, length, (_, piece) => {
      const taken = run.sample(start, end(piece), OUT_AT, at[0], at[1]);
      slots.set(out.subarray(0, taken), sampled);
      sampled += taken;
    });
    return sampled;
  };
}
