import { number } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/** What a page is, beside being in the stack or not. Of the queues, HOT is empty: hot pages stand in the stack alone. */
const COLD = 0,
  GONE = 1;

/**
 * Low inter-reference recency. Most of memory is for hot (LIR) pages: referenced twice while the stack remembered the first time.
 * The stack holds pages by recency, down to the hot page referenced longest ago: cold (HIR) pages and pages gone from memory that stand
 * in it were referenced more recently than some hot page, and become hot when referenced again. Victims are the cold ones, in queue order.
 */
export const lirs = policy({
  name: "lirs",
  about: "keeps pages whose last two references were close together; gives up the others first in, first out",
  source: "Jiang 2002",
  params: {
    cold: number({ default: 0.01, min: 0, max: 1, unit: "", about: "share of memory for cold pages, at least one page (Jiang 2002: 1 %)" }),
    stack: number({
      default: 2,
      min: 1,
      max: 10,
      unit: "",
      about: "entries the stack may have, in memory sizes (unbounded in Jiang 2002; libCacheSim: 2)",
    }),
  },
  sees: "touches",
  create({ pages, capacity }, { cold, stack: stackSizes }) {
    const stack = new PageQueues(pages, 1);
    const queues = new PageQueues(pages, 2);
    const isHot = new Uint8Array(pages);
    let hot = 0;

    const hotMax = (): number => Math.max(0, capacity() - Math.max(1, Math.floor(cold * capacity())));
    const isInStack = (page: number): boolean => stack.queueOf(page) === 0;

    /** The bottom of the stack is a hot page, or the stack is empty: what is below tells nothing. */
    function prune(): void {
      for (let bottom = stack.oldest(0); bottom !== NO_PAGE && isHot[bottom] === 0; bottom = stack.oldest(0)) {
        stack.remove(bottom);
        if (queues.queueOf(bottom) === GONE) queues.remove(bottom);
      }
    }
    function heat(page: number): void {
      isHot[page] = 1;
      hot++;
      while (hot > hotMax()) {
        const bottom = stack.oldest(0);
        cool(bottom);
        queues.append(bottom, COLD);
      }
    }
    /** Off the stack; where the page goes is the caller's business. */
    function cool(page: number): void {
      isHot[page] = 0;
      hot--;
      stack.remove(page);
      prune();
    }
    return {
      admitted(page) {
        if (isInStack(page)) {
          queues.remove(page); // of those gone
          stack.renew(page);
          heat(page);
        } else {
          stack.append(page, 0);
          if (hot < hotMax()) heat(page);
          else queues.append(page, COLD);
        }
        if (hot === 0) prune();
        const stackMax = stackSizes * capacity();
        while (stack.sizes[0] > stackMax && queues.sizes[GONE] > 0) {
          const gone = queues.oldest(GONE);
          queues.remove(gone);
          stack.remove(gone);
        }
      },
      removed(page, isPagedOut) {
        if (isHot[page] === 1) return cool(page);
        if (!isInStack(page)) return queues.remove(page);
        if (isPagedOut) return queues.move(page, GONE);
        queues.remove(page);
        stack.remove(page);
      },
      touched(page) {
        if (isHot[page] === 1) {
          stack.renew(page);
          prune();
        } else if (isInStack(page)) {
          queues.remove(page);
          stack.renew(page);
          heat(page);
        } else {
          stack.append(page, 0);
          queues.renew(page);
          if (hot === 0) prune();
        }
      },
      victim: () => (queues.sizes[COLD] > 0 ? queues.oldest(COLD) : stack.oldest(0)),
    };
  },
});
