/** The working set of one window: pages touched in (t − window, t] (Denning 1968). */
export interface WorkingSet {
  readonly windowNs: number;
  /** Mean over all t from the origin plus a window to the end: windows that lie wholly in the trace. */
  readonly meanPages: number;
  /** The largest, over all t. */
  readonly maxPages: number;
  /** When it was so large first; NaN where nothing was touched. */
  readonly maxNs: number;
}

export interface WorkingSets {
  /** Plays the first `length` touches, after those before; times do not go back. */
  step(pages: Uint32Array, timesNs: Float64Array, length: number): void;
  /** By window, each shorter than the time from origin to end; the last is the whole trace, first instant included, with all pages ever touched. */
  finish(endNs: number): readonly WorkingSet[];
}

/** Entries of the log per page: the more, the rarer it is shortened. */
const ENTRIES_PER_PAGE = 2;
/** Entries more than that. */
const ENTRIES_MORE = 16;
const NONE = -1;

/**
 * Working sets of all `windowsNs`, which rise, at once, of at most `distinct` pages with numbers below `pageCount`: exact at every instant,
 * not only where windows are laid end to end. Touches are written to a log; that of a page which is touched again is crossed out. The
 * working set of a window is what is not crossed out in the newest part of the log, from an entry that is known per window: a touch enters
 * the windows that its page had fallen out of, and time moves the old ends on. When the log is full, what is crossed out is thrown away.
 * Memory: 28 bytes per page.
 */
export function workingSets(pageCount: number, distinct: number, windowsNs: readonly number[], originNs: number): WorkingSets {
  const windows = windowsNs.length;
  const lengthNs = Float64Array.from(windowsNs);
  const capacity = ENTRIES_PER_PAGE * distinct + ENTRIES_MORE;
  /** When; NaN: crossed out. */
  const loggedNs = new Float64Array(capacity);
  const loggedPage = new Uint32Array(capacity);
  let logged = 0;
  /** Each page's entry in the log that counts. */
  const entryOf = new Int32Array(pageCount).fill(NONE);
  /** The first entry of the log that is in a window. */
  const starts = new Int32Array(windows);
  const sizes = new Float64Array(windows);
  const largest = new Float64Array(windows);
  const largestNs = new Float64Array(windows).fill(NaN);
  let seen = 0;
  let seenNs = NaN;
  /** Size × time since the first whole window, up to `summedNs`. */
  const sums = new Float64Array(windows);
  const summedNs = lengthNs.map((ns) => originNs + ns);
  /** No page leaves a window before. */
  let nextLeaveNs = Infinity;

  const sumUpTo = (w: number, timeNs: number): void => {
    if (timeNs <= summedNs[w]) return;
    sums[w] += sizes[w] * (timeNs - summedNs[w]);
    summedNs[w] = timeNs;
  };
  const leave = (untilNs: number): void => {
    nextLeaveNs = Infinity;
    for (let w = 0; w < windows; w++) {
      let start = starts[w];
      for (; start < logged; start++) {
        const leavesNs = loggedNs[start] + lengthNs[w];
        if (leavesNs > untilNs) {
          if (leavesNs < nextLeaveNs) nextLeaveNs = leavesNs;
          break;
        }
        if (Number.isNaN(leavesNs)) continue;
        sumUpTo(w, leavesNs);
        sizes[w]--;
      }
      starts[w] = start;
    }
  };
  const enter = (w: number, timeNs: number): void => {
    sumUpTo(w, timeNs);
    sizes[w]++;
    if (sizes[w] > largest[w]) {
      largest[w] = sizes[w];
      largestNs[w] = timeNs;
    }
    if (timeNs + lengthNs[w] < nextLeaveNs) nextLeaveNs = timeNs + lengthNs[w];
  };
  /** Throws away what is crossed out. */
  const shorten = (): void => {
    const before = starts.slice();
    let kept = 0;
    for (let entry = 0; entry < logged; entry++) {
      for (let w = 0; w < windows; w++) if (before[w] === entry) starts[w] = kept;
      if (Number.isNaN(loggedNs[entry])) continue;
      loggedNs[kept] = loggedNs[entry];
      loggedPage[kept] = loggedPage[entry];
      entryOf[loggedPage[entry]] = kept++;
    }
    for (let w = 0; w < windows; w++) if (before[w] === logged) starts[w] = kept;
    logged = kept;
  };

  return {
    step(pages, timesNs, length) {
      for (let i = 0; i < length; i++) {
        const page = pages[i];
        const timeNs = timesNs[i];
        if (timeNs >= nextLeaveNs) leave(timeNs);
        if (logged === capacity) shorten();
        const entry = entryOf[page];
        let entered = windows;
        if (entry === NONE) {
          seen++;
          seenNs = timeNs;
        } else {
          const gapNs = timeNs - loggedNs[entry];
          loggedNs[entry] = NaN;
          entered = 0;
          while (entered < windows && gapNs >= lengthNs[entered]) entered++;
        }
        entryOf[page] = logged;
        loggedPage[logged] = page;
        loggedNs[logged++] = timeNs;
        for (let w = 0; w < entered; w++) enter(w, timeNs);
      }
    },
    finish(endNs) {
      leave(endNs);
      const sets = windowsNs.map((windowNs, w) => {
        sumUpTo(w, endNs);
        return { windowNs, meanPages: sums[w] / (endNs - originNs - windowNs), maxPages: largest[w], maxNs: largestNs[w] };
      });
      return [...sets, { windowNs: endNs - originNs, meanPages: seen, maxPages: seen, maxNs: seenNs }];
    },
  };
}
