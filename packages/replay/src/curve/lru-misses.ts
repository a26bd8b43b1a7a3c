import { counting, OUT_AT, playPieces } from "./counting.ts";
import type { MissCounter } from "./miss-counter.ts";

/** Numbers that accesses can have before they are given anew: so many for each page that there is, and for each in memory. */
const NUMBERS_PER_PAGE = 4;
const NUMBERS_PER_HELD = 8;
const NUMBERS_MIN = 65_536;

/**
 * Misses of the policy `lru`, without lists. Accesses are numbered from 1; a page knows the number of its latest. A bit per number says
 * whether it is still its page's latest:
 *
 *     accesses   a  b  c  b  a  d  b
 *     bits       0  0  1  0  1  1  1  1 …   set from the start, and cleared when the page is used again
 *
 * Pages in memory are those whose latest access is not before a tail: who is given up is the first behind it whose bit is set, and the
 * tail moves past it. When numbers run out, pages in memory get new ones, in order: as many as bits are set before theirs.
 *
 * A row makes the tail pass one set bit at most, or clears one. So among a hundred rows, those whose latest access has a hundred set bits
 * between the tail and itself are surely in memory, and their bits can be cleared at once; only for the others does their order matter.
 */
export function lruMisses(pageCount: number, capacity: number): MissCounter {
  const size = Math.min(capacity, pageCount);
  const numbers = Math.max(NUMBERS_PER_PAGE * pageCount, NUMBERS_PER_HELD * size, NUMBERS_MIN);
  const { run, at, rows, start, end } = counting([4 * pageCount, numbers / 8 + 8, numbers / 16 + 4]);
  run.place(at[0], pageCount, 0, at[1], at[2], size, numbers);
  let misses = 0;
  return {
    misses: () => misses,
    step: (pages, length) => playPieces(rows, pages, length, (_, piece) => void (misses += run.lru(start, end(piece), OUT_AT))),
  };
}
