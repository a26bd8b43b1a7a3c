import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/**
 * Least frequently used, counted while resident. Pages of one count stand in a queue of their own, in the order in which they came to
 * that count; the queues are chained by count, so that a reference moves a page to the next one. Of the rarest the first goes.
 */
export const lfu = policy({
  name: "lfu",
  about: "gives up the page referenced least often since it was admitted; of equals the one that reached that count first",
  source: "Shah 2010",
  params: {},
  sees: "touches",
  create({ pages }) {
    // Every resident page may have a count of its own, and one more queue is needed while a page moves.
    const queues = new PageQueues(pages, pages + 1);
    const countOf = new Float64Array(pages + 1);
    // The chain of queues in use, by rising count, closed by END; those not in use are a stack.
    const END = pages + 1;
    const lower = new Int32Array(pages + 2).fill(END);
    const higher = new Int32Array(pages + 2).fill(END);
    const unused = Int32Array.from({ length: pages + 1 }, (_, i) => i);
    let unusedCount = pages + 1;

    /** The queue of a count, put into the chain behind `below` if it is not there. */
    function queueFor(count: number, below: number): number {
      const above = higher[below];
      if (above !== END && countOf[above] === count) return above;
      const queue = unused[--unusedCount];
      countOf[queue] = count;
      lower[queue] = below;
      higher[queue] = above;
      higher[below] = lower[above] = queue;
      return queue;
    }
    function dropIfEmpty(queue: number): void {
      if (queues.sizes[queue] > 0) return;
      higher[lower[queue]] = higher[queue];
      lower[higher[queue]] = lower[queue];
      unused[unusedCount++] = queue;
    }
    return {
      admitted: (page) => queues.append(page, queueFor(1, END)),
      removed(page) {
        const queue = queues.queueOf(page);
        queues.remove(page);
        dropIfEmpty(queue);
      },
      touched(page) {
        const queue = queues.queueOf(page);
        queues.move(page, queueFor(countOf[queue] + 1, queue));
        dropIfEmpty(queue);
      },
      victim() {
        const rarest = higher[END];
        return rarest === END ? NO_PAGE : queues.oldest(rarest);
      },
    };
  },
});
