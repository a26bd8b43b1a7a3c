import { PageQueues } from "../page-queues.ts";
import { policy } from "../policy.ts";

export const lru = policy({
  name: "lru",
  about: "gives up the page referenced longest ago",
  source: "Mattson 1970",
  params: {},
  sees: "touches",
  create({ pages }) {
    const queue = new PageQueues(pages, 1);
    return {
      admitted: (page) => queue.append(page, 0),
      removed: (page) => queue.remove(page),
      touched: (page) => queue.renew(page),
      victim: () => queue.oldest(0),
    };
  },
});
