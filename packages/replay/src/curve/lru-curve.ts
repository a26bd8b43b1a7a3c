import { assert } from "@tidemark/data";
import { stackDistances } from "./stack-distances.ts";

/** Misses of LRU at every memory size, from accesses to `distinct` different pages with numbers below `pageCount`. */
export interface LruCurve {
  /** Plays the first `length` of `pages`, after those before. */
  step(pages: Uint32Array, length: number): void;
  /** Index = pages of memory, 0 to `distinct`; more memory misses no less. */
  finish(): Float64Array;
}

export function lruCurve(pageCount: number, distinct: number): LruCurve {
  const { step, counts } = stackDistances(pageCount, distinct);
  return {
    step,
    finish() {
      const countOf = counts();
      const [firsts] = countOf;
      assert(firsts <= distinct, `${firsts} different pages where ${distinct} were announced`);
      const misses = new Float64Array(distinct + 1);
      let farther = firsts;
      for (let size = distinct; size >= 0; size--) {
        misses[size] = farther;
        farther += countOf[size];
      }
      return misses;
    },
  };
}
