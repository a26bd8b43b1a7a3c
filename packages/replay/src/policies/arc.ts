import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/** Megiddo's lists: resident pages seen once (T1) and more often (T2), and the pages remembered after leaving either (B1, B2). */
const T1 = 0,
  T2 = 1,
  B1 = 2,
  B2 = 3;

/** Adaptive replacement. A page that comes back from B1 shows that T1 was too small, from B2 that T2 was: the share of T1 moves. */
export const arc = policy({
  name: "arc",
  about: "LRU over pages seen once and LRU over the others, sharing memory as returning pages ask for it",
  source: "Megiddo 2003",
  params: {},
  sees: "touches",
  create({ pages, capacity }) {
    const queues = new PageQueues(pages, 4);
    const { sizes } = queues;
    /** What T1 should have, in pages: `p` of the paper. */
    let target = 0;
    // The page coming back, and where from.
    let returning = NO_PAGE;
    let from = B1;

    /** Adapts to a page that comes back: case II or III of Figure 4, up to REPLACE. */
    function welcome(page: number): void {
      from = queues.queueOf(page);
      if (from === B1) target = Math.min(capacity(), target + Math.max(1, sizes[B2] / sizes[B1]));
      else if (from === B2) target = Math.max(0, target - Math.max(1, sizes[B1] / sizes[B2]));
      else return;
      queues.remove(page);
      returning = page;
    }
    return {
      admitted(page) {
        if (page !== returning) welcome(page);
        queues.append(page, page === returning ? T2 : T1);
        returning = NO_PAGE;
        // Case IV: T1 and B1 remember one memory size, all four lists two.
        while (sizes[T1] + sizes[B1] > capacity() && sizes[B1] > 0) queues.remove(queues.oldest(B1));
        while (sizes[T1] + sizes[B1] + sizes[T2] + sizes[B2] > 2 * capacity() && sizes[B2] > 0) queues.remove(queues.oldest(B2));
      },
      removed(page, isPagedOut) {
        if (isPagedOut) queues.move(page, queues.queueOf(page) === T1 ? B1 : B2);
        else queues.remove(page);
      },
      touched: (page) => queues.move(page, T2),
      victim(incoming) {
        if (incoming !== NO_PAGE && incoming !== returning) welcome(incoming);
        target = Math.min(target, capacity());
        const isT1Over = sizes[T1] > target || (sizes[T1] === target && incoming !== NO_PAGE && incoming === returning && from === B2);
        return queues.oldest(sizes[T2] === 0 || (sizes[T1] > 0 && isT1Over) ? T1 : T2);
      },
    };
  },
});
