import { bug } from "@tidemark/data/shapes";
import { NO_PAGE, type Reclaimer } from "../policy.ts";

/**
 * A policy with a list of what it was told: 1 where it takes a page to be resident. A page is admitted once before it is removed and
 * removed once before it is admitted again, and a victim is one of those admitted.
 */
export function toldPolicy(reclaimer: Reclaimer, told: Uint8Array): Reclaimer {
  return {
    ...reclaimer,
    admitted(page, isWrite) {
      if (told[page] !== 0) throw bug(`page ${page} is admitted twice`);
      told[page] = 1;
      reclaimer.admitted(page, isWrite);
    },
    removed(page, isPagedOut) {
      if (told[page] !== 1) throw bug(`page ${page} is removed and was not admitted`);
      told[page] = 0;
      reclaimer.removed(page, isPagedOut);
    },
    victim(incoming) {
      const page = reclaimer.victim(incoming);
      if (page !== NO_PAGE && told[page] !== 1) throw bug(`page ${page} is a victim and not resident`);
      return page;
    },
  };
}
