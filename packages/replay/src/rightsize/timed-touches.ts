import { WRITE, type Trace } from "@tidemark/data/shapes";
import type { Guest } from "../guests.ts";

/** Touches of one VM, in the trace's order; arrays are reused. */
interface Touches {
  length: number;
  readonly pages: Uint32Array;
  readonly timesNs: Float64Array;
}

/** Who is shown what a guest touches. */
export interface TimedPlayer {
  readonly guest: Guest;
  step(all: Touches, reads: Touches, writes: Touches): void;
}

/**
 * Reads the trace once and shows every player its guest's touches of memory that it has: all, those that read or fetch, those that
 * write. Gives the least time between two rows of each player's guest that are not at one time; Infinity where there are none.
 */
export async function playTimed(
  trace: Trace,
  players: readonly TimedPlayer[],
  progress: (rows: number) => void,
): Promise<readonly number[]> {
  const least = players.map(() => Infinity);
  const latest = players.map(() => NaN);
  let [all, reads, writes] = [touches(0), touches(0), touches(0)];
  for await (const { length, timeNs, vm, kind, ppn } of trace.accesses()) {
    if (all.pages.length < length) [all, reads, writes] = [touches(length), touches(length), touches(length)];
    for (const [p, { guest, step }] of players.entries()) {
      all.length = reads.length = writes.length = 0;
      for (let i = 0; i < length; i++) {
        if (vm[i] !== guest.traced || ppn[i] >= guest.configuredPages) continue;
        if (timeNs[i] - latest[p] < least[p] && timeNs[i] > latest[p]) least[p] = timeNs[i] - latest[p];
        latest[p] = timeNs[i];
        append(all, ppn[i], timeNs[i]);
        append(kind[i] === WRITE ? writes : reads, ppn[i], timeNs[i]);
      }
      step(all, reads, writes);
    }
    progress(length);
  }
  return least;
}

const touches = (capacity: number): Touches => ({
  length: 0,
  pages: new Uint32Array(capacity),
  timesNs: new Float64Array(capacity),
});

function append(to: Touches, page: number, timeNs: number): void {
  to.pages[to.length] = page;
  to.timesNs[to.length++] = timeNs;
}
