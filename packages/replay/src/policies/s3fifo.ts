import { count, number } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { NO_PAGE, policy } from "../policy.ts";

const SMALL = 0,
  MAIN = 1,
  GHOST = 2;
/** Two bits of references per page (Yang 2023 §4.1). */
const USES_MAX = 3;

/**
 * Three FIFO queues. A small one sorts out pages that are not used again; those that are go on to the main one, in which references
 * buy rounds. A page that comes back while the ghost queue remembers it goes straight to the main one.
 */
export const s3fifo = policy({
  name: "s3fifo",
  about: "a small FIFO that passes on what was used again, a main FIFO with a reference count, a FIFO of ghosts",
  source: "Yang 2023 §4",
  params: {
    small: number({ default: 0.1, min: 0, max: 1, unit: "", about: "share of memory the small queue may keep (Yang 2023 §4.1: 10 %)" }),
    ghost: number({
      default: 0.9,
      min: 0,
      max: 10,
      unit: "",
      about: "pages remembered, in memory sizes (Yang 2023 §4.1: as many as the main queue)",
    }),
    uses: count({
      default: 2,
      min: 1,
      max: USES_MAX,
      about: "references that take a page from the small queue to the main one (Yang 2023 §4.1: 2)",
    }),
  },
  sees: "touches",
  create({ pages, capacity }, { small, ghost, uses }) {
    const queues = new PageQueues(pages, 3);
    const { sizes } = queues;
    const usesOf = new Uint8Array(pages);

    function victimOfMain(): number {
      for (;;) {
        const page = queues.oldest(MAIN);
        if (page === NO_PAGE || usesOf[page] === 0) return page;
        usesOf[page]--;
        queues.renew(page);
      }
    }
    /** NO_PAGE if all of the small queue went on to the main one. */
    function victimOfSmall(): number {
      for (;;) {
        const page = queues.oldest(SMALL);
        if (page === NO_PAGE || usesOf[page] < uses) return page;
        usesOf[page] = 0;
        queues.move(page, MAIN);
      }
    }
    return {
      admitted(page) {
        usesOf[page] = 0;
        if (queues.queueOf(page) === GHOST) queues.move(page, MAIN);
        else queues.append(page, SMALL);
        const ghostMax = Math.floor(ghost * capacity());
        while (sizes[GHOST] > ghostMax) queues.remove(queues.oldest(GHOST));
      },
      removed(page, isPagedOut) {
        if (isPagedOut && queues.queueOf(page) === SMALL) queues.move(page, GHOST);
        else queues.remove(page);
      },
      touched(page) {
        if (usesOf[page] < USES_MAX) usesOf[page]++;
      },
      victim() {
        const mainMax = capacity() - Math.floor(small * capacity());
        const page = sizes[MAIN] > mainMax ? victimOfMain() : victimOfSmall();
        return page === NO_PAGE ? victimOfMain() : page;
      },
    };
  },
});
