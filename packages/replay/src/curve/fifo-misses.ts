import { counting, playPieces } from "./counting.ts";
import type { MissCounter } from "./miss-counter.ts";

/** Misses of the policy `fifo`: a byte per page says whether it is resident, a ring of the memory's size who came when. */
export function fifoMisses(pageCount: number, capacity: number): MissCounter {
  const size = Math.min(capacity, pageCount);
  const { run, at, rows, start, end } = counting([pageCount, 4 * size]);
  run.place(at[0], pageCount, at[1], 0, 0, size, 0);
  let misses = 0;
  return {
    misses: () => misses,
    step: (pages, length) => playPieces(rows, pages, length, (_, piece) => void (misses += run.fifo(start, end(piece)))),
  };
}
