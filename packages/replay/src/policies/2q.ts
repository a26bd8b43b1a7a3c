import { number } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { policy } from "../policy.ts";

/** Pages admitted for the first time, pages that came back, and pages that went from IN lately and may come back. */
const IN = 0,
  MAIN = 1,
  OUT = 2;

/**
 * 2Q, the full version. A page starts in a FIFO; references while there are taken for one and the same. Only a page that comes
 * back after it left the FIFO, while still remembered, enters the LRU queue of the pages worth keeping.
 */
export const twoQ = policy({
  name: "2q",
  about: "a FIFO for new pages, LRU for those that came back soon after they left it",
  source: "Johnson 1994",
  params: {
    kin: number({ default: 0.25, min: 0, max: 1, unit: "", about: "share of memory the FIFO may keep (Johnson 1994: 25 %)" }),
    kout: number({
      default: 0.5,
      min: 0,
      max: 10,
      unit: "",
      about: "pages remembered after leaving it, in memory sizes (Johnson 1994: 50 %)",
    }),
  },
  sees: "touches",
  create({ pages, capacity }, { kin, kout }) {
    const queues = new PageQueues(pages, 3);
    const { sizes } = queues;
    return {
      admitted(page) {
        if (queues.queueOf(page) === OUT) queues.move(page, MAIN);
        else queues.append(page, IN);
        const outMax = Math.floor(kout * capacity());
        while (sizes[OUT] > outMax) queues.remove(queues.oldest(OUT));
      },
      removed(page, isPagedOut) {
        if (isPagedOut && queues.queueOf(page) === IN) queues.move(page, OUT);
        else queues.remove(page);
      },
      touched(page) {
        if (queues.queueOf(page) === MAIN) queues.renew(page);
      },
      victim: () => queues.oldest(sizes[MAIN] === 0 || sizes[IN] > Math.floor(kin * capacity()) ? IN : MAIN),
    };
  },
});
