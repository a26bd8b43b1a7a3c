import type { Random } from "@tidemark/data/shapes";

/** A whole number from 0 to n − 1. */
export const below = (random: Random, n: number): number => Math.floor(random() * n);

/**
 * Ranks 0 to n − 1 with weights 1/(rank + 1)^skew. Where the sum of the first weights reaches the number drawn is found by halving; one column
 * of n numbers.
 */
export function zipfRanks(n: number, skew: number, random: Random): () => number {
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let rank = 0; rank < n; rank++) cumulative[rank] = total += (rank + 1) ** -skew;
  return () => {
    const x = random() * total;
    let low = 0;
    let high = n - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > x) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** The numbers 0 to n − 1 in an order of chance (Fisher and Yates). */
export function shuffled(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let left = n; left > 1; left--) {
    const other = below(random, left);
    [order[left - 1], order[other]] = [order[other], order[left - 1]];
  }
  return order;
}
