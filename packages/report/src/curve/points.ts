import { curveBoundTable, curveFactsTable, curveTable, lruCurveTable, type Columns, type Row } from "@tidemark/data/shapes";
import type { Panel } from "../panel.ts";

/** The policy that no other beats. */
export const BOUND = "belady";

const { vm, policy, pages, misses, low, high } = curveTable.columns;

/** Of the numbers: every size that is drawn. */
export const CURVE_COLUMNS = {
  vm,
  policy,
  pages,
  misses,
  percent: { type: "number", unit: "%", about: "the same of all references" },
  low,
  high,
} as const satisfies Columns;
export const CURVE_WORDS = {
  pages: "memory",
  percent: "of the references",
  low: "misses at least (95 % band)",
  high: "misses at most (95 % band)",
} as const;

/** Every size that is counted, policy by policy: those on lines and those asked for. */
export function curveNumbers(panel: Panel, vm: string): readonly Row<typeof CURVE_COLUMNS>[] {
  const points = panel.rows(curveTable).filter((row) => row.vm === vm);
  const references = referencesOf(panel, vm);
  return [...new Set(points.map(({ policy }) => policy))].flatMap((policy) => {
    const asked = points.filter((row) => row.policy === policy);
    const sizes = new Map([...lineOf(panel, vm, policy, points), ...asked].map((point) => [point.pages, point]));
    return [...sizes.values()]
      .sort((a, b) => a.pages - b.pages)
      .map(({ pages, misses, low, high }) => ({ vm, policy, pages, misses, percent: (100 * misses) / references, low, high }));
  });
}

export const referencesOf = (panel: Panel, vm: string): number => panel.rows(curveFactsTable).find((row) => row.vm === vm)?.references ?? 0;

type LinePoint = Pick<Row<typeof curveTable.columns>, "pages" | "misses" | "low" | "high">;

/** Of LRU at all sizes, where they were counted; of others at those asked for, of the bound with its smallest memories. */
export function lineOf(
  panel: Panel,
  vm: string,
  policy: string,
  points: readonly (LinePoint & { readonly policy: string })[],
): readonly LinePoint[] {
  const whole = policy === "lru" ? panel.rows(lruCurveTable).filter((row) => row.vm === vm) : [];
  if (whole.length > 0) return whole;
  const own = points.filter((row) => row.policy === policy);
  if (policy !== BOUND) return own;
  const least = boundPoints(panel, vm).filter(({ pages }) => own.every((row) => row.pages !== pages));
  return [...own, ...least.map(({ pages, misses }) => ({ pages, misses, low: NaN, high: NaN }))].sort((a, b) => a.pages - b.pages);
}

/** By falling size. */
export function boundPoints(panel: Panel, vm: string) {
  const distinct = panel.rows(curveFactsTable).find((row) => row.vm === vm)?.distinct ?? 0;
  return panel
    .rows(curveBoundTable)
    .filter((row) => row.vm === vm)
    .map(({ stall, pages, pageIns }) => ({ stall, pages, pageIns, misses: distinct + pageIns }));
}
