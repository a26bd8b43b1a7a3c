import { number } from "@tidemark/data/shapes";
import { estimator, NO_ESTIMATE } from "../estimator.ts";

/**
 * A full scan of the accessed bits at the end of each period, which clears them: what idle page tracking does on Linux.
 * Exact for the period it looks at, and as old as the last scan.
 */
export const abitScan = estimator({
  name: "abit-scan",
  about: "reads and clears every accessed bit at the end of each period",
  source: "Linux idle page tracking",
  params: {
    period: number({
      default: 60e9,
      min: 1,
      max: 2 ** 53,
      unit: "ns",
      about: "time between scans in hypervisor time; explain sets it to the window",
    }),
  },
  create(view) {
    let from = view.epoch();
    let reported = NaN;
    return {
      periodEnded() {
        reported = view.countTouchedSince(from);
        from = view.epoch() + 1;
      },
      read: () => (Number.isNaN(reported) ? NO_ESTIMATE : { ...NO_ESTIMATE, reported }),
    };
  },
});
