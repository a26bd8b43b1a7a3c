import { curveTable, find, openTrace, pickTable, readParams } from "@tidemark/data";
import { curve, policies, scenarioSchema } from "@tidemark/replay";
import { writeZipfTrace } from "./bench-data.ts";
import { writePpns } from "./misses-c.ts";

/** Sizes enough for LRU to be counted at all of them at once. */
const SEVERAL = [0.01, 0.1, 0.5];

/** Misses of one policy on a trace of one VM, as `tidemark curve` counts them, at each size. */
export async function curveMisses(
  path: string,
  name: string,
  sizes: readonly number[],
  rate: number | undefined,
): Promise<readonly number[]> {
  const policy = find("policy", policies, name);
  const { tables } = await curve({
    scenario: scenarioSchema.parse({ vms: [{ trace: path }] }),
    open: openTrace,
    policies: [{ label: name, policy, params: readParams(name, policy.params, {}) }],
    sizes,
    rate,
    shared: false,
    extra: 0.05,
    tool: "bench",
    progress: () => {},
  });
  return [...(pickTable(tables, curveTable)?.columns.misses ?? [])];
}

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
  "sampled-curve": async (path, _rows, pages) => {
    const sizes = SEVERAL.map((share) => Math.floor(share * pages));
    return (await curveMisses(path, "lru", sizes, 0.01))[1];
  },
};
