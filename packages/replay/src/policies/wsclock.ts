import { number } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { ACCESSED, DIRTY, NO_PAGE, policy } from "../policy.ts";

/** Ticks in a window: ages are known to this fraction of it. */
const TICKS = 8;

/**
 * The working-set clock. The hand gives up a page not accessed for a whole window, as far as A bits tell; a dirty one is passed over
 * once, the time it would take to write it out. Carr measures the window in the program's own time, here it is hypervisor time. If a whole turn
 * finds no idle page (Carr would then stop a program), the page used longest ago goes; and until one can be idle again, as in a
 * curve, which has no clock, it is the plain second chance: a turn in vain is paid for by the time that passes.
 */
export const wsclock = policy({
  name: "wsclock",
  about: "a hand gives up the first clean page not accessed for a window; else as second-chance does",
  source: "Carr 1981",
  params: {
    window: number({
      default: 60e9,
      min: TICKS,
      max: 2 ** 53,
      unit: "ns",
      about: "time without access after which a page is idle; the sampler's period",
    }),
  },
  sees: "bits",
  tickNs: ({ window }) => window / TICKS,
  create({ pages, takeBits }, { window }) {
    const circle = new PageQueues(pages, 1);
    const lastUseNs = new Float64Array(pages);
    const isPassed = new Uint8Array(pages);
    let nowNs = 0;
    // No page can have been idle for a window before this.
    let idleFromNs = window;

    /** Looks at the page under the hand, and remembers a use. */
    function look(page: number): number {
      const bits = takeBits(page);
      if ((bits & ACCESSED) !== 0) {
        lastUseNs[page] = nowNs;
        isPassed[page] = 0;
      }
      return bits;
    }
    /** One turn of the hand, or up to a clean idle page. After a turn the one used longest ago. */
    function idlest(): number {
      let earliestNs = Infinity;
      let earliest = NO_PAGE;
      for (let left = circle.sizes[0]; left > 0; left--) {
        const page = circle.oldest(0);
        const bits = look(page);
        if (nowNs - lastUseNs[page] >= window) {
          if ((bits & DIRTY) === 0 || isPassed[page] === 1) return page;
          isPassed[page] = 1;
        }
        if (lastUseNs[page] < earliestNs) {
          earliestNs = lastUseNs[page];
          earliest = page;
        }
        circle.renew(page);
      }
      idleFromNs = Math.min(earliestNs, nowNs) + window;
      return earliest;
    }
    return {
      admitted(page) {
        lastUseNs[page] = nowNs;
        isPassed[page] = 0;
        circle.append(page, 0);
      },
      removed: (page) => circle.remove(page),
      victim() {
        if (nowNs >= idleFromNs) return idlest();
        let page = circle.oldest(0);
        while (page !== NO_PAGE && (look(page) & ACCESSED) !== 0) {
          circle.renew(page);
          page = circle.oldest(0);
        }
        return page;
      },
      tick(timeNs) {
        nowNs = timeNs;
      },
    };
  },
});
