import { PageQueues } from "../page-queues.ts";
import { policy } from "../policy.ts";

export const fifo = policy({
  name: "fifo",
  about: "gives up the page admitted longest ago",
  source: "Belady 1966",
  params: {},
  sees: "nothing",
  create({ pages }) {
    const queue = new PageQueues(pages, 1);
    return {
      admitted: (page) => queue.append(page, 0),
      removed: (page) => queue.remove(page),
      victim: () => queue.oldest(0),
    };
  },
});
