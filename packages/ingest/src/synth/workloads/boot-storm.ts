import { count, number } from "@tidemark/data/shapes";
import { below } from "../draw.ts";
import { workload } from "../workload.ts";

/** Accesses of a guest before it is another's turn. */
const TURN = 64;

export const bootStorm = workload({
  name: "boot-storm",
  about: "many guests start at almost the same time, fill their kernels and services, and settle down",
  source: "desktops that are all switched on in the morning; its shape is ours",
  order: "windowed",
  vms: ({ vms }) => vms,
  params: {
    vms: count({ default: 8, min: 1, max: 1_000, about: "guests" }),
    pages: number({ default: 8_192, min: 1, max: 2 ** 22, unit: "pages", about: "pages that a start touches" }),
    settled: number({ default: 512, min: 1, max: 2 ** 22, unit: "pages", about: "pages of the working set afterwards" }),
    spread: number({ default: 0.2, min: 0, max: 1, unit: "", about: "part of the trace within which all begin" }),
    boot: number({ default: 0.3, min: 0, max: 1, unit: "", about: "part of the trace that a start takes" }),
  },
  start(guests, random, { pages, settled, spread, boot }) {
    const running = guests.map((guest, v) => ({
      guest,
      process: guest.start(Math.max(pages, settled)),
      beginsAt: guests.length === 1 ? 0 : (spread * v) / (guests.length - 1),
      touched: 0,
    }));
    let each = running[0];
    let left = 0;
    let begun = 0;
    return (done) => {
      if (left-- === 0) {
        while (begun < running.length && running[begun].beginsAt <= done) begun++;
        each = running[below(random, begun)];
        left = TURN - 1;
      }
      const due = Math.min(pages, Math.floor(((done - each.beginsAt) / boot) * pages));
      if (each.touched < due) each.guest.access(each.process, each.touched++, true);
      else each.guest.access(each.process, below(random, Math.min(settled, Math.max(1, each.touched))), random() < 0.2);
    };
  },
});
