import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_QUEUE, PageQueues } from "./page-queues.ts";
import { NO_PAGE } from "./policy.ts";

const PAGES = 6,
  QUEUES = 3;

const contentOf = (queues: PageQueues, queue: number): number[] => {
  const pages = [];
  for (let page = queues.oldest(queue); page !== NO_PAGE; page = queues.newer(page)) pages.push(page);
  return pages;
};

test("queues keep the order of arrays, whatever is done to them", () => {
  const step = fc.record({
    what: fc.constantFrom("append", "remove", "renew", "move"),
    page: fc.nat(PAGES - 1),
    queue: fc.nat(QUEUES - 1),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const queues = new PageQueues(PAGES, QUEUES);
      const model: number[][] = Array.from({ length: QUEUES }, () => []);
      for (const { what, page, queue } of steps) {
        const from = model.findIndex((pages) => pages.includes(page));
        expect(queues.queueOf(page)).toBe(from);
        if ((from === NO_QUEUE) !== (what === "append")) continue;
        if (from !== NO_QUEUE) model[from].splice(model[from].indexOf(page), 1);
        if (what === "append" || what === "move") model[queue].push(page);
        if (what === "renew") model[from].push(page);
        if (what === "append" || what === "move") queues[what](page, queue);
        if (what === "renew" || what === "remove") queues[what](page);
        model.forEach((pages, i) => {
          expect(contentOf(queues, i)).toEqual(pages);
          expect(queues.sizes[i]).toBe(pages.length);
          expect(queues.oldest(i)).toBe(pages[0] ?? NO_PAGE);
        });
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
