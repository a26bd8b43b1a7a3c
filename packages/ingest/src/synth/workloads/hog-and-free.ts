import { number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import { workload } from "../workload.ts";

export const hogAndFree = workload({
  name: "hog-and-free",
  about: "a lot of memory is filled, used for a while and freed; then a little work goes on",
  source: "why consumed stays high: the host is not told what a guest frees (Waldspurger 2002 §3)",
  order: "exact",
  params: {
    pages: number({ default: 24_576, min: 1, max: 2 ** 24, unit: "pages", about: "pages that are filled and freed" }),
    left: number({ default: 1_024, min: 1, max: 2 ** 24, unit: "pages", about: "pages of what goes on" }),
    filled: number({ default: 0.2, min: 0, max: 1, unit: "", about: "part of the trace at which all is filled" }),
    freed: number({ default: 0.5, min: 0, max: 1, unit: "", about: "part of the trace at which it is freed" }),
  },
  start([guest], random, { pages, left, filled, freed }) {
    const hog = guest.start(pages);
    const rest = guest.start(left);
    let next = 0;
    let isFreed = false;
    guest.mark(20);
    return (done) => {
      if (done < filled || (done < freed && next < pages)) {
        const due = Math.min(pages, Math.ceil((done / filled) * pages));
        if (next >= pages || next > due) guest.access(hog, below(random, Math.max(1, next)), true);
        else guest.access(hog, next++, true);
        if (next === pages) {
          guest.mark(21);
          next++;
        }
      } else if (done < freed) guest.access(hog, below(random, pages), random() < 0.3);
      else {
        if (!isFreed) {
          guest.exit(hog, 0);
          guest.mark(23);
          isFreed = true;
        }
        guest.access(rest, below(random, left), random() < 0.3);
      }
    };
  },
});
