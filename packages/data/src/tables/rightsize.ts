import { tableSpec } from "../table.ts";

const vm = { type: "text", unit: "", about: "virtual machine" } as const;

/** Accesses that a working set may be of. */
export const WORKING_SET_OPS = ["all", "reads", "writes"] as const;

export const workingSetTable = tableSpec({
  name: "working-set",
  about: "how many different guest-physical pages are touched in windows of many lengths, wherever these lie",
  columns: {
    vm,
    op: { type: "text", unit: "", about: "touched by `all` accesses, by `reads` (fetches too) or by `writes`" },
    window: {
      type: "time",
      unit: "ns",
      about: "length of the window (t − window, t]; as long as the span: the whole trace, its first instant included",
    },
    mean: { type: "number", unit: "pages", about: "mean over all t whose window lies wholly in the trace" },
    max: { type: "count", unit: "pages", about: "the largest, over all t" },
    time: { type: "time", unit: "ns", about: "t at which it was so large first; empty: nothing was touched" },
  },
});

/** What a memory size comes from, in the order of a tie. */
export const SIZE_BASES = [
  "configured",
  "touched",
  "working set max",
  "working set mean",
  "reported max",
  "reported mean",
  "no page-ins",
  "enough",
  "knee",
  "live max",
] as const;

export const rightSizeTable = tableSpec({
  name: "right-size",
  about: "memory sizes that a VM might be given, and what each would have cost it under LRU, by falling size",
  columns: {
    vm,
    basis: {
      type: "text",
      unit: "",
      about:
        "`configured`; `touched`: all pages ever accessed; `working set` and active as `reported`, largest and mean; LRU's smallest size with `no page-ins`, with `enough` (few misses beyond first touches), and its `knee`; `live max`: most pages at once that are used again",
    },
    window: { type: "time", unit: "ns", about: "of the working set, or of the active memory that is estimated; empty: it has none" },
    extra: { type: "number", unit: "%", about: "misses beyond those with memory for all, allowed where it is `enough`; empty elsewhere" },
    pages: { type: "count", unit: "pages", about: "memory, whole pages" },
    misses: { type: "count", unit: "accesses", about: "in an LRU memory of this size that is empty at first" },
    pageIns: { type: "count", unit: "pages", about: "misses that are not a page's first: it was there, was pushed out and is read again" },
    pageIn: { type: "time", unit: "ns", about: "what one costs" },
    stall: { type: "time", unit: "ns", about: "what all of them cost, one after the other" },
    bound: {
      type: "count",
      unit: "pages",
      about: "page-ins of Belady's policy in the same memory: no policy that pages on demand has fewer",
    },
  },
});

export const oracleTable = tableSpec({
  name: "oracle",
  about:
    "how little memory a VM could have held had every future access been known, for a bounded stall: no policy that only takes pages and reads them again does better",
  columns: {
    vm,
    stall: { type: "time", unit: "ns", about: "allowed, over the whole trace" },
    pageIns: { type: "count", unit: "pages", about: "pages read again for it" },
    consumed: {
      type: "number",
      unit: "pages",
      about: "held if nothing is ever taken: every page from its first access on, mean over the trace",
    },
    held: { type: "number", unit: "pages", about: "the least that can be held, mean over the trace" },
    saved: { type: "number", unit: "pages", about: "consumed less held" },
    size: {
      type: "count",
      unit: "pages",
      about: "the smallest memory of one size all the time in which Belady's policy reads no more pages again than that",
    },
  },
});

export const oracleTimeTable = tableSpec({
  name: "oracle-time",
  about: "memory that could be taken at no cost if the future were known: pages that the rest of the trace does not touch",
  columns: {
    time: { type: "time", unit: "ns", about: "instant" },
    vm,
    consumed: { type: "count", unit: "pages", about: "touched so far" },
    neverAgain: { type: "count", unit: "pages", about: "of these not touched later in the trace" },
  },
});
