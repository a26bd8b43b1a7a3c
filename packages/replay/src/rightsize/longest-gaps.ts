/** How long pages were left alone, over a whole trace. */
export interface Gaps {
  /** The longest gaps between two touches of a page that are next to each other, longest first; gaps of 0 are left out. */
  readonly longestNs: Float64Array;
  /** First and last touches of the pages that are touched, by time. */
  readonly firstNs: Float64Array;
  readonly lastNs: Float64Array;
}

/** Finds the `most` longest gaps of pages with numbers below `pageCount`. Memory: 16 bytes per page, 8 per gap. */
export function longestGaps(
  pageCount: number,
  most: number,
): { step(pages: Uint32Array, timesNs: Float64Array, length: number): void; finish(): Gaps } {
  const first = new Float64Array(pageCount).fill(NaN);
  const last = new Float64Array(pageCount).fill(NaN);
  // A heap, the shortest on top.
  const heap = new Float64Array(most);
  let size = 0;
  const add = (gapNs: number): void => {
    let place = size++;
    for (; place > 0; place = (place - 1) >> 1) {
      const above = heap[(place - 1) >> 1];
      if (above <= gapNs) break;
      heap[place] = above;
    }
    heap[place] = gapNs;
  };
  const replaceShortest = (gapNs: number): void => {
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      if (below + 1 < size && heap[below + 1] < heap[below]) below++;
      if (heap[below] >= gapNs) break;
      heap[place] = heap[below];
      place = below;
    }
    heap[place] = gapNs;
  };
  return {
    step(pages, timesNs, length) {
      for (let i = 0; i < length; i++) {
        const page = pages[i];
        const timeNs = timesNs[i];
        const gapNs = timeNs - last[page];
        last[page] = timeNs;
        if (gapNs > 0) {
          if (size < most) add(gapNs);
          else if (size > 0 && gapNs > heap[0]) replaceShortest(gapNs);
        } else if (Number.isNaN(gapNs)) first[page] = timeNs;
      }
    },
    finish: () => ({
      longestNs: heap.slice(0, size).sort().toReversed(),
      firstNs: first.filter((ns) => !Number.isNaN(ns)).sort(),
      lastNs: last.filter((ns) => !Number.isNaN(ns)).sort(),
    }),
  };
}
