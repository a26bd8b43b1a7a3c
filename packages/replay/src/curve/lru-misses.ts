import { counting, playPieces } from "./counting.ts";
import type { MissCounter } from "./miss-counter.ts";

/** Entries of the log per page of memory: the more, the rarer it is tidied. */
const LOG_PER_PAGE = 8;
const LOG_MIN = 65_536;

/**
 * Misses of the policy `lru`, without lists. Every access is written to a log; a page knows its latest entry, from 1. A bit per entry
 * says whether it is still its page's latest:
 *
 *     log      a  b  c  b  a  d  b        entries before the first are given up
 *     bits     0  0  1  0  1  1  1  1 …   set from the start, and cleared when the page is used again
 *
 * Who is given up is the first entry whose bit is set; its page then has no entry. A full log is tidied: the entries that count move
 * to its front.
 */
export function lruMisses(pageCount: number, capacity: number): MissCounter {
  const size = Math.min(capacity, pageCount);
  const entries = Math.max(LOG_PER_PAGE * size, LOG_MIN);
  const { run, at, rows, start, end } = counting([4 * pageCount, 4 * entries, entries / 8 + 8]);
  run.place(at[0], at[1], at[2], 0, size, entries);
  let misses = 0;
  return {
    misses: () => misses,
    step: (pages, length) => playPieces(rows, pages, length, (_, piece) => void (misses += run.lru(start, end(piece)))),
  };
}
