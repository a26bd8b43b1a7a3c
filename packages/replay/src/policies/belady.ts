import { PageHeap } from "../page-heap.ts";
import { policy } from "../policy.ts";

/** The optimum, for measure: it reads the future. No policy that pages on demand misses less (Mattson 1970). */
export const belady = policy({
  name: "belady",
  about: "gives up the page whose next use is farthest away; needs the future",
  source: "Belady 1966",
  params: {},
  sees: "future",
  create({ pages, nextUse }) {
    const heap = new PageHeap(pages);
    return {
      admitted: (page) => heap.set(page, nextUse(page)),
      removed: (page) => heap.remove(page),
      touched: (page) => heap.set(page, nextUse(page)),
      victim: () => heap.top,
    };
  },
});
