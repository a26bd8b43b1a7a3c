import { assert } from "@tidemark/data";

const SEED = 42;
/** 2^32 / the golden ratio, odd: scatters ranks over a power of two of pages. */
const SCATTER = 0x9e3779b1;

/** sfc32 (C. Doty-Humphrey, PractRand): 32 bits at a call. */
function sfc32(seed: number): () => number {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/**
 * Zipf with α = 1 over a power of two of pages: rank r has 1/r of the weight, and ranks are scattered over the page numbers. No
 * function but division and addition is used, so that every machine draws the same pages.
 */
export function zipfPages(pages: number): () => number {
  assert(Number.isInteger(Math.log2(pages)), "a power of two of pages");
  const cumulative = new Float64Array(pages);
  let total = 0;
  for (let rank = 0; rank < pages; rank++) cumulative[rank] = total += 1 / (rank + 1);
  const next = sfc32(SEED);
  return () => {
    const x = ((next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53) * total;
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
