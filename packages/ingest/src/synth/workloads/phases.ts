import { count, number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import { workload } from "../workload.ts";

export const phases = workload({
  name: "phases",
  about: "one working set after the other: each is left behind, and the last is the first again",
  source: "Denning 1968: phases and transitions",
  order: "exact",
  params: {
    sets: count({ default: 5, min: 1, max: 1_000, about: "working sets" }),
    pages: number({ default: 4_096, min: 1, max: 2 ** 22, unit: "pages", about: "pages of each" }),
    phases: count({ default: 10, min: 1, max: 1e6, about: "phases of the whole trace" }),
    writes: number({ default: 0.3, min: 0, max: 1, unit: "", about: "part of the accesses that write" }),
  },
  start([guest], random, { sets, pages, phases: count, writes }) {
    const process = guest.start(sets * pages);
    let running = -1;
    return (done) => {
      const phase = Math.min(count - 1, Math.floor(done * count));
      if (phase !== running) guest.mark((running = phase));
      guest.access(process, (phase % sets) * pages + below(random, pages), random() < writes);
    };
  },
});
