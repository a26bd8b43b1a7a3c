import { count, number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import type { Process } from "../synth-guest.ts";
import { workload } from "../workload.ts";

export const forkStorm = workload({
  name: "fork-storm",
  about: "a program starts one short-lived copy of itself after the other",
  source: "shell scripts and builds: where page-table changes and switches cost most (Adams 2006)",
  order: "exact",
  params: {
    pages: number({ default: 512, min: 1, max: 2 ** 20, unit: "pages", about: "pages that parent and child share, and only read" }),
    own: number({ default: 64, min: 1, max: 2 ** 20, unit: "pages", about: "pages that a child writes and frees at its end" }),
    life: count({ default: 1_000, min: 1, max: 1e9, about: "accesses of a child" }),
  },
  start([guest], random, { pages, own, life }) {
    const parent = guest.start(pages);
    let child: Process | undefined;
    let filled = 0;
    let row = 0;
    guest.switchTo(parent);
    return () => {
      // The parent has its pages before it has children.
      if (filled < pages) return guest.access(parent, filled++, true);
      if (row++ % life === 0) {
        if (child !== undefined) guest.exit(child, pages);
        child = guest.start(pages + own);
        child.ppnOf.set(parent.ppnOf);
        guest.switchTo(child);
      }
      if (child === undefined) return;
      if (random() < 0.5) guest.access(child, below(random, pages), false);
      else guest.access(child, pages + below(random, own), true);
    };
  },
});
