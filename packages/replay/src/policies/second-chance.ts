import { PageQueues } from "../page-queues.ts";
import { ACCESSED, NO_PAGE, policy } from "../policy.ts";

/** `clock` as a machine can do it: the hand reads and clears the hardware's A bit of the page it stands at, and nothing else is seen. */
export const secondChance = policy({
  name: "second-chance",
  about: "gives up the first page whose accessed bit the hand finds clear; clears the others",
  source: "Corbató 1969",
  params: {},
  sees: "bits",
  create({ pages, takeBits }) {
    const circle = new PageQueues(pages, 1);
    return {
      admitted: (page) => circle.append(page, 0),
      removed: (page) => circle.remove(page),
      victim() {
        let page = circle.oldest(0);
        while (page !== NO_PAGE && (takeBits(page) & ACCESSED) !== 0) {
          circle.renew(page);
          page = circle.oldest(0);
        }
        return page;
      },
    };
  },
});
