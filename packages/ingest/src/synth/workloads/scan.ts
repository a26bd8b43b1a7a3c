import { number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import { workload } from "../workload.ts";

export const scan = workload({
  name: "scan",
  about: "a small working set beside a long scan that comes by once per page",
  source: "what LRU is weak against: Johnson 1994",
  order: "exact",
  params: {
    hot: number({ default: 2_048, min: 1, max: 2 ** 24, unit: "pages", about: "pages of the working set" }),
    pages: number({ default: 32_768, min: 1, max: 2 ** 24, unit: "pages", about: "pages scanned, over and over" }),
    scanned: number({ default: 0.3, min: 0, max: 1, unit: "", about: "part of the accesses that scan" }),
  },
  start([guest], random, { hot, pages, scanned }) {
    const process = guest.start(hot + pages);
    let at = 0;
    return () => {
      if (random() >= scanned) guest.access(process, below(random, hot), random() < 0.3);
      else {
        guest.access(process, hot + at, false);
        at = (at + 1) % pages;
      }
    };
  },
});
