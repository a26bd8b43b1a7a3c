import { count, number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import { workload } from "../workload.ts";

export const pageCache = workload({
  name: "page-cache",
  about: "files are written, read while they are new, and deleted: the guest's kernel keeps their pages",
  source: "what keeps a guest's memory used that its programs do not use (Gorman 2004 ch. 10)",
  order: "windowed",
  params: {
    files: count({ default: 64, min: 1, max: 1e5, about: "files there are at most; the oldest goes" }),
    pages: number({ default: 512, min: 1, max: 2 ** 20, unit: "pages", about: "pages of each" }),
    reads: number({ default: 3, min: 0, max: 1e6, unit: "", about: "pages read for each page written" }),
  },
  start([guest], random, { files, pages, reads }) {
    const kernel = guest.start(0);
    const kept: number[][] = [];
    return () => {
      const last = kept.at(-1);
      if (last === undefined || (last.length === pages && random() * (reads + 1) < 1)) {
        if (kept.length === files) for (const ppn of kept.shift() ?? []) guest.release(ppn, kernel.pid);
        kept.push([guest.allocate(kernel.pid)]);
        return guest.kernelAccess(kept[kept.length - 1][0], true);
      }
      if (last.length < pages && random() * (reads + 1) < 1) {
        last.push(guest.allocate(kernel.pid));
        return guest.kernelAccess(last[last.length - 1], true);
      }
      const u = random();
      const file = kept[kept.length - 1 - Math.floor(u * u * u * kept.length)];
      guest.kernelAccess(file[below(random, file.length)], false);
    };
  },
});
