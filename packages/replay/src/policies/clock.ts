import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/**
 * Second chance with one bit per page, set by a reference. The hand is the oldest end of the queue: a page that it finds
 * referenced loses its bit and goes to the newest end, which on the circle is just behind the hand.
 */
export const clock = policy({
  name: "clock",
  about: "gives up the first page not referenced since the hand last passed it",
  source: "Corbató 1969",
  params: {},
  sees: "touches",
  create({ pages }) {
    const circle = new PageQueues(pages, 1);
    const isReferenced = new Uint8Array(pages);
    return {
      admitted(page) {
        isReferenced[page] = 0;
        circle.append(page, 0);
      },
      removed: (page) => circle.remove(page),
      touched(page) {
        isReferenced[page] = 1;
      },
      victim() {
        let page = circle.oldest(0);
        while (page !== NO_PAGE && isReferenced[page] === 1) {
          isReferenced[page] = 0;
          circle.renew(page);
          page = circle.oldest(0);
        }
        return page;
      },
    };
  },
});
