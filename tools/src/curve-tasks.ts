import { curveTable, find, openTrace, pickTable, readParams, rightSizeTable } from "@tidemark/data";
import { curve, policies, rightsize, scenarioSchema } from "@tidemark/replay";
import { writeZipfTrace } from "./bench-data.ts";
import { writePpns } from "./misses-c.ts";

/** Sizes enough for LRU to be counted at all of them at once. */
const SEVERAL = [0.01, 0.1, 0.5];

/** Misses of policies on a trace of one VM, as `tidemark curve` counts them, at each size. */
async function curvesOf(
  path: string,
  names: readonly string[],
  sizes: readonly number[],
  rate: number | undefined,
): Promise<readonly number[]> {
  const { tables } = await curve({
    scenario: scenarioSchema.parse({ vms: [{ trace: path }] }),
    open: openTrace,
    policies: names.map((name) => {
      const policy = find("policy", policies, name);
      return { label: name, policy, params: readParams(name, policy.params, {}) };
    }),
    sizes,
    rate,
    shared: false,
    extra: 0.05,
    stallsNs: [],
    pageInNs: 150_000,
    tool: "bench",
    progress: () => {},
  });
  return [...(pickTable(tables, curveTable)?.columns.misses ?? [])];
}

/** Those of one policy. */
export const curveMisses = (path: string, name: string, sizes: readonly number[], rate: number | undefined): Promise<readonly number[]> =>
  curvesOf(path, [name], sizes, rate);

const one = async (path: string, name: string, size: number): Promise<number> =>
  (await curveMisses(path, name, [size], undefined))[0] ?? NaN;

/** Measured pieces of work on miss curves, each a process of its own. */
export const curveTasks: { readonly [name: string]: (path: string, rows: number, pages: number) => Promise<unknown> } = {
  /** A zipf trace, and beside it what `bench/misses.c` reads of it. */
  "make-curve-trace": async (path, rows, pages) => {
    writeZipfTrace(path, rows, pages);
    await writePpns(path, `${path}.ppns`);
  },
  /** Merely reads the column that curves need. */
  "read-touches": async (path) => {
    let sum = 0;
    for await (const { length, ppn } of openTrace(path).touches()) for (let i = 0; i < length; i++) sum += ppn[i];
    return sum;
  },
  "misses-lru": (path, _rows, size) => one(path, "lru", size),
  "misses-fifo": (path, _rows, size) => one(path, "fifo", size),
  "misses-clock": (path, _rows, size) => one(path, "clock", size),
  /** LRU at all sizes; the misses at 10 % of `pages` prove it. */
  "lru-curve": async (path, _rows, pages) => {
    const sizes = SEVERAL.map((share) => Math.floor(share * pages));
    return (await curveMisses(path, "lru", sizes, undefined))[1];
  },
  /** Working sets, sizes, the oracle; how many sizes were priced proves it. */
  rightsize: async (path) => {
    const { tables } = await rightsize({
      scenario: scenarioSchema.parse({ vms: [{ trace: path }] }),
      open: openTrace,
      windowsNs: [],
      stallsNs: [],
      pageInNs: 150_000,
      extra: 0.05,
      tool: "bench",
      progress: () => {},
    });
    return pickTable(tables, rightSizeTable)?.length;
  },
  /** LRU at all sizes and the bound, as `tidemark curve` does by default. */
  "curve-and-bound": async (path) => curvesOf(path, ["lru", "belady"], [], undefined),
  "sampled-curve": async (path, _rows, pages) => {
    const sizes = SEVERAL.map((share) => Math.floor(share * pages));
    return (await curveMisses(path, "lru", sizes, 0.01))[1];
  },
};
