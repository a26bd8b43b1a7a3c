import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

/**
 * Pages stay where they joined the queue; only the hand moves, from the oldest to the newest and round again. A page it finds visited
 * loses its bit and keeps its place, so that new pages, which join ahead of the hand, are soon tried.
 */
export const sieve = policy({
  name: "sieve",
  about: "a hand over a queue gives up the first unvisited page; the visited ones stay in place",
  source: "Zhang 2024 §3",
  params: {},
  sees: "touches",
  create({ pages }) {
    const queue = new PageQueues(pages, 1);
    const isVisited = new Uint8Array(pages);
    // NO_PAGE: past the newest page, to start again at the oldest.
    let hand = NO_PAGE;
    return {
      admitted(page) {
        isVisited[page] = 0;
        queue.append(page, 0);
      },
      removed(page) {
        if (page === hand) hand = queue.newer(page);
        queue.remove(page);
      },
      touched(page) {
        isVisited[page] = 1;
      },
      victim() {
        if (hand === NO_PAGE) hand = queue.oldest(0);
        while (hand !== NO_PAGE && isVisited[hand] === 1) {
          isVisited[hand] = 0;
          hand = queue.newer(hand);
          if (hand === NO_PAGE) hand = queue.oldest(0);
        }
        return hand;
      },
    };
  },
});
