import { counting, playPieces } from "./counting.ts";
import type { MissCounter } from "./miss-counter.ts";

/** Misses of the policy `clock`: a byte of state per page, and a ring of the memory's size on which the hand goes round. */
export function clockMisses(pageCount: number, capacity: number): MissCounter {
  const size = Math.min(capacity, pageCount);
  const { run, at, rows, start, end } = counting([pageCount, 4 * size]);
  run.place(at[0], pageCount, at[1], 0, 0, size, 0);
  let misses = 0;
  return {
    misses: () => misses,
    step: (pages, length) => playPieces(rows, pages, length, (_, piece) => void (misses += run.clock(start, end(piece)))),
  };
}
