import { assert, sfc32 } from "@tidemark/data";

/** State of the generator: the seed, and fractions of the golden ratio and of π. */
const STATE = [42, 0x9e3779b9, 0x243f6a88] as const;
/** 2^32 / the golden ratio, odd: scatters ranks over a power of two of pages. */
const SCATTER = 0x9e3779b1;

/**
 * Zipf with α = 1 over a power of two of pages: rank r has 1/r of the weight, and ranks are scattered over the page numbers. No
 * function but division and addition is used, so that every machine draws the same pages.
 */
export function zipfPages(pages: number): () => number {
  assert(Number.isInteger(Math.log2(pages)), "a power of two of pages");
  const cumulative = new Float64Array(pages);
  let total = 0;
  for (let rank = 0; rank < pages; rank++) cumulative[rank] = total += 1 / (rank + 1);
  const next = sfc32(...STATE);
  return () => {
    const x = ((next() * 2 ** 53 + Math.floor(next() * 2 ** 21)) / 2 ** 53) * total;
    let low = 0;
    let high = pages - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > x) high = middle;
      else low = middle + 1;
    }
    return (Math.imul(low, SCATTER) >>> 0) & (pages - 1);
  };
}
