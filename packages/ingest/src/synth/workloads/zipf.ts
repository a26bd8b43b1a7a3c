import { number } from "@tidemark/data/shapes";
import { shuffled, zipfRanks } from "../draw.ts";
import { workload } from "../workload.ts";

export const zipf = workload({
  name: "zipf",
  about: "few pages are accessed often, many seldom",
  source: "Breslau 1999: the usual model of skewed access",
  order: "exact",
  params: {
    pages: number({ default: 16_384, min: 1, max: 2 ** 24, unit: "pages", about: "pages accessed" }),
    skew: number({ default: 1, min: 0, max: 4, unit: "", about: "the page of rank r has a weight of 1/r^skew; 0: all alike" }),
    writes: number({ default: 0.3, min: 0, max: 1, unit: "", about: "part of the accesses that write" }),
  },
  start([guest], random, { pages, skew, writes }) {
    const process = guest.start(pages);
    const rank = zipfRanks(pages, skew, random);
    const pageOf = shuffled(pages, random);
    return () => guest.access(process, pageOf[rank()], random() < writes);
  },
});
