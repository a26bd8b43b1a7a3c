import { count } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/**
 * Segmented LRU. A reference takes a page one segment up; a segment that grows over its share of memory gives its oldest page to the
 * one below. Karedla has two segments; four is the S4LRU of Huang 2013 and libCacheSim's default. A new page starts in the
 * lowest segment that has room (as in libCacheSim: while memory fills, so do the upper segments), else in the lowest.
 */
export const slru = policy({
  name: "slru",
  about: "LRU in segments: a reference promotes by one, overflow demotes by one, victims come from the lowest",
  source: "Karedla 1994",
  params: {
    segments: count({
      default: 4,
      min: 1,
      max: 16,
      about: "segments of equal size, a whole number (Karedla 1994: 2; Huang 2013: 4)",
    }),
  },
  sees: "touches",
  create({ pages, capacity }, { segments }) {
    const queues = new PageQueues(pages, segments);
    const { sizes } = queues;
    const segmentMax = (): number => Math.floor(capacity() / segments);
    return {
      admitted(page) {
        const max = segmentMax();
        let segment = 0;
        while (segment < segments && sizes[segment] >= max) segment++;
        queues.append(page, segment === segments ? 0 : segment);
      },
      removed: (page) => queues.remove(page),
      touched(page) {
        const segment = queues.queueOf(page);
        if (segment === segments - 1) return queues.renew(page);
        queues.move(page, segment + 1);
        const max = segmentMax();
        // The lowest takes whatever is left over. From the top: memory may have shrunk.
        for (let full = segments - 1; full > 0; full--) {
          while (sizes[full] > max) queues.move(queues.oldest(full), full - 1);
        }
      },
      victim() {
        for (let segment = 0; segment < segments; segment++) if (sizes[segment] > 0) return queues.oldest(segment);
        return NO_PAGE;
      },
    };
  },
});
