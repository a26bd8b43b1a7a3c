import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable, tableOf, type Row, type Table } from "@tidemark/data/shapes";

const PAGES = 65_536;
const ACCESSES = 2_000_000;
const SIZES = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].map((share) => Math.round(share * PAGES));
const POLICIES = [
  ["lru", 1],
  ["fifo", 1.12],
  ["slru:segments=2", 0.9],
  ["belady", 0.7],
] as const;

/** Stall (ns), pages, page-ins. */
const BOUND = [
  [0, 52_000, 0],
  [100e6, 50_500, 666],
  [10e9, 21_000, 66_666],
] as const;

/** Curves as a replay would give them, made from a formula: per VM, and of all together (""). */
export function exampleCurves(vms: readonly string[], isSampled = false): readonly Table[] {
  const points: Row<typeof curveTable.columns>[] = [];
  const line: Row<typeof lruCurveTable.columns>[] = [];
  const facts: Row<typeof curveFactsTable.columns>[] = [];
  const bound: Row<typeof curveBoundTable.columns>[] = [];
  const band = (misses: number) =>
    isSampled ? { low: Math.round(misses * 0.9), high: Math.round(misses * 1.1) } : { low: NaN, high: NaN };
  [...vms, ""].forEach((vm, v) => {
    const missesAt = (pages: number, scale: number): number =>
      Math.round(PAGES + (ACCESSES - PAGES) * Math.min(1, scale * Math.exp((-8 * pages) / PAGES / (1 + v / 4))) * (1 - pages / PAGES));
    for (const [policy, scale] of isSampled ? POLICIES.slice(0, 1) : POLICIES) {
      const at = (pages: number) => ({ pages, misses: missesAt(pages, scale), ...band(missesAt(pages, scale)) });
      points.push(...SIZES.map((pages) => ({ vm, policy, accesses: ACCESSES, ...at(pages) })));
      const enough = policy === "fifo" ? NaN : SIZES[5];
      facts.push({
        vm,
        policy,
        accesses: ACCESSES,
        references: ACCESSES,
        distinct: PAGES,
        sampled: isSampled ? 656 : NaN,
        knee: SIZES[2],
        kneeMisses: missesAt(SIZES[2], scale),
        extra: 5,
        enough,
        enoughMisses: missesAt(enough, scale),
      });
      if (policy === "lru") for (let i = 1; i <= 32; i++) line.push({ vm, ...at((i * PAGES) / 32) });
    }
    for (const [stall, pages, pageIns] of isSampled ? [] : BOUND) bound.push({ vm, stall, pageIn: 150_000, pageIns, pages });
  });
  return [tableOf(curveTable, points), tableOf(lruCurveTable, line), tableOf(curveFactsTable, facts), tableOf(curveBoundTable, bound)];
}
