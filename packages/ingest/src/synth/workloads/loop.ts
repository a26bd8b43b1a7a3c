import { count, number } from "@tidemark/data/shapes";
import { workload } from "../workload.ts";

export const loop = workload({
  name: "loop",
  about: "the same pages one after the other, again and again",
  source: "LRU misses every access in any memory smaller than the loop",
  order: "exact",
  params: {
    pages: number({ default: 16_384, min: 1, max: 2 ** 24, unit: "pages", about: "pages of the loop" }),
    every: count({ default: 4, min: 1, max: 1e9, about: "one access in so many writes" }),
  },
  start([guest], _random, { pages, every }) {
    const process = guest.start(pages);
    let row = 0;
    return () => {
      guest.access(process, row % pages, row % every === 0);
      row++;
    };
  },
});
