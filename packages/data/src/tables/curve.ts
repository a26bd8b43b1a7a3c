import { tableSpec } from "../table.ts";

const vm = { type: "text", unit: "", about: "virtual machine; empty: all of them on one host, their pages competing" } as const;
const policy = { type: "text", unit: "", about: "victim policy, with its parameters where they were given" } as const;
const misses = {
  type: "number",
  unit: "accesses",
  about: "that found their page not in memory; estimated where the curve is sampled",
} as const;
const low = { type: "number", unit: "accesses", about: "lower end of the 95 % band of the misses; empty: counted exactly" } as const;
const high = { type: "number", unit: "accesses", about: "its upper end" } as const;

export const curveTable = tableSpec({
  name: "curve",
  about: "misses of victim policies at the memory sizes asked for",
  columns: {
    vm,
    policy,
    pages: { type: "count", unit: "pages", about: "memory" },
    accesses: { type: "count", unit: "accesses", about: "in all" },
    misses,
    low,
    high,
  },
});

export const lruCurveTable = tableSpec({
  name: "lru-curve",
  about: "misses of LRU at memory sizes from one page to all, close enough to be drawn as a line",
  columns: { vm, pages: curveTable.columns.pages, misses, low, high },
});

export const curveFactsTable = tableSpec({
  name: "curve-facts",
  about: "what the curve of a policy comes to",
  columns: {
    vm,
    policy,
    accesses: { type: "count", unit: "accesses", about: "in all; those that a row of the trace stands for are counted each" },
    references: { type: "count", unit: "accesses", about: "rows of the trace: what policies are shown" },
    distinct: { type: "count", unit: "pages", about: "different guest-physical pages that are accessed: each misses once in any memory" },
    sampled: { type: "count", unit: "pages", about: "of these in the sample; empty: all were followed" },
    knee: {
      type: "count",
      unit: "pages",
      about: "where the curve lies farthest below the straight line from no memory to memory for all; empty: nowhere",
    },
    kneeMisses: { type: "number", unit: "accesses", about: "misses there" },
    extra: { type: "number", unit: "%", about: "misses beyond those with memory for all, allowed for the next column" },
    enough: { type: "count", unit: "pages", about: "the smallest memory known to have no more misses than that; empty: none asked for" },
    enoughMisses: { type: "number", unit: "accesses", about: "misses there" },
  },
});

export const curveBoundTable = tableSpec({
  name: "curve-bound",
  about:
    "the smallest memory in which Belady's policy, which knows the future, stalls the VM no longer than is allowed: no policy that pages on demand does with less",
  columns: {
    vm,
    stall: { type: "time", unit: "ns", about: "allowed, over the whole trace" },
    pageIn: { type: "time", unit: "ns", about: "what a page costs that is read again" },
    pageIns: { type: "number", unit: "pages", about: "read again in that memory; estimated where the curve is sampled" },
    pages: { type: "count", unit: "pages", about: "memory" },
  },
});
