import { count, number } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { ACCESSED, NO_PAGE, policy } from "../policy.ts";

/** Generations that give up nothing: a page must be found idle twice (MIN_NR_GENS in Linux). */
const PROTECTED = 2;

/**
 * The multi-generational LRU of Linux. Aging reads every A bit, puts the accessed pages into the youngest generation, and begins a new
 * one. Victims come from the oldest; one whose A bit was set since goes to the youngest instead. Aging runs when only the
 * protected generations are left, and every `period` while there are fewer generations than allowed. Departures: every page is
 * mapped memory (no tiers of file pages read through descriptors), and a page's neighbours in the page table are not looked at.
 */
export const mglru = policy({
  name: "mglru",
  about: "generations of pages by accessed bits; gives up from the oldest",
  source: "Linux 6.1 multigen_lru.rst",
  params: {
    generations: count({
      default: 4,
      min: 3,
      max: 16,
      about: "generations kept at most, a whole number (Linux: MAX_NR_GENS, 4)",
    }),
    period: number({
      default: 0,
      min: 0,
      max: 2 ** 53,
      unit: "ns",
      about: "time between agings besides those that are needed; 0: none (as Linux)",
    }),
  },
  sees: "bits",
  tickNs: ({ period }) => period,
  create({ pages, takeBits }, { generations: kept }) {
    const queues = new PageQueues(pages, kept);
    let resident = 0;
    // Sequence numbers of the oldest and the youngest generation; the queue of a generation is its number modulo those kept.
    let oldest = 0;
    let youngest = PROTECTED - 1;

    /** Generations left empty at the old end are gone. */
    function dropEmpty(): void {
      while (queues.sizes[oldest % kept] === 0 && oldest + PROTECTED <= youngest) oldest++;
    }
    function age(): void {
      for (let generation = youngest; generation >= oldest; generation--) {
        let page = queues.oldest(generation % kept);
        // As many as there are now: in the youngest, those moved come round again.
        for (let left = queues.sizes[generation % kept]; left > 0; left--) {
          const next = queues.newer(page);
          if ((takeBits(page) & ACCESSED) !== 0) queues.move(page, youngest % kept);
          page = next;
        }
      }
      youngest++;
    }
    return {
      admitted(page) {
        resident++;
        queues.append(page, youngest % kept);
      },
      removed(page) {
        resident--;
        queues.remove(page);
      },
      victim() {
        if (resident === 0) return NO_PAGE;
        for (;;) {
          dropEmpty();
          if (oldest + PROTECTED > youngest) age();
          const page = queues.oldest(oldest % kept);
          if (page === NO_PAGE) continue;
          if ((takeBits(page) & ACCESSED) === 0) return page;
          queues.move(page, youngest % kept);
        }
      },
      tick() {
        dropEmpty();
        if (youngest - oldest + 1 < kept) age();
      },
    };
  },
});
