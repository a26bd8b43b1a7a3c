import { curveFactsTable, curveTable, formatPages, lruCurveTable, type Row } from "@tidemark/data";
import { curveSentence } from "./words.ts";
import type { Drawing, Layer, X, Y } from "../layers.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { POLICY_COLOURS } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { vmLabel } from "../vm-label.ts";

/** Policies drawn at most, the bound besides. */
const POLICIES_MAX = POLICY_COLOURS.length;
const BOUND = "belady";
const BOUND_WORDS = "belady: the bound";

/** The misses of one VM, or of all of them on one host, policy by policy. */
export function curveDrawing(panel: Panel, vm: string): Drawing | undefined {
  const points = panel.rows(curveTable).filter((row) => row.vm === vm);
  const references = panel.rows(curveFactsTable).find((row) => row.vm === vm)?.references ?? 0;
  if (points.length === 0 || references === 0) return undefined;
  const policies = shownPolicies(points);
  const lines = policies.map((policy) => ({
    policy,
    words: policy === BOUND ? BOUND_WORDS : vmLabel(policy),
    rows: lineOf(panel, vm, policy, points),
  }));
  const largest = Math.max(...lines.flatMap(({ rows }) => rows.map(({ pages }) => pages)));
  const unit = memoryUnit(largest);
  const percent = (misses: number): number => Math.round((1e5 * misses) / references) / 1e3;
  const values = lines.flatMap(({ words, rows }) =>
    rows.map(({ pages, misses }) => ({ line: words, m: inUnit(pages, unit), misses: percent(misses) })),
  );
  const asked = lines.flatMap(({ policy, words }) =>
    points
      .filter((row) => row.policy === policy)
      .map(({ pages, misses }) => ({ line: words, m: inUnit(pages, unit), misses: percent(misses) })),
  );
  const band = lines.flatMap(({ rows }) =>
    rows
      .filter(({ low }) => !Number.isNaN(low))
      .map(({ pages, low, high }) => ({ m: inUnit(pages, unit), low: percent(low), high: percent(high) })),
  );
  const x: X = {
    field: "m",
    type: "quantitative",
    scale: { nice: false, domain: [0, inUnit(largest, unit) ?? 0] },
    axis: { title: `memory (${unit.name})` },
  };
  const y = (field: string): Y => ({
    field,
    type: "quantitative",
    scale: { domainMin: 0, nice: true },
    axis: { title: "references that miss (%)" },
  });
  const colours = policies.map((policy, p) => (policy === BOUND ? { expr: "ink" } : (POLICY_COLOURS[p % POLICIES_MAX] ?? "")));
  const scale = { domain: lines.map(({ words }) => words) };
  const color = {
    field: "line",
    type: "nominal",
    scale: { ...scale, range: colours },
    legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2, labelLimit: 260 },
  } as const;
  const strokeDash = {
    field: "line",
    type: "nominal",
    scale: { ...scale, range: policies.map((policy) => (policy === BOUND ? [4, 3] : [1, 0])) },
  } as const;
  const bandLayer: Layer = {
    data: { name: "band", values: band },
    mark: { type: "area", color: POLICY_COLOURS[0], opacity: 0.2, aria: false },
    encoding: { x, y: y("low"), y2: { field: "high" } },
  };
  return {
    height: 300,
    layer: [
      ...(band.length > 0 ? [bandLayer] : []),
      {
        data: { name: "misses", values },
        mark: { type: "line", strokeWidth: 2, aria: false },
        encoding: { x, y: y("misses"), color, strokeDash },
      },
      {
        data: { name: "asked", values: asked },
        mark: { type: "point", filled: true, size: 30, opacity: 1, aria: false },
        encoding: { x, y: y("misses"), color },
      },
      ...marksOf(panel, vm, policies[0] ?? "", x, (pages) => inUnit(pages, unit), largest),
    ],
  };
}

/** In the order of the run, the bound last. */
function shownPolicies(points: readonly { readonly policy: string }[]): readonly string[] {
  const all = [...new Set(points.map(({ policy }) => policy))];
  return [...all.filter((policy) => policy !== BOUND).slice(0, POLICIES_MAX), ...all.filter((policy) => policy === BOUND)];
}

type LinePoint = Pick<Row<typeof curveTable.columns>, "pages" | "misses" | "low" | "high">;

/** Of LRU at all sizes, where they were counted; of others at those asked for. */
function lineOf(
  panel: Panel,
  vm: string,
  policy: string,
  points: readonly (LinePoint & { readonly policy: string })[],
): readonly LinePoint[] {
  const whole = policy === "lru" ? panel.rows(lruCurveTable).filter((row) => row.vm === vm) : [];
  return whole.length > 0 ? whole : points.filter((row) => row.policy === policy);
}

/** Where the knee of the first policy is, and what is enough. */
function marksOf(panel: Panel, vm: string, policy: string, x: X, at: (pages: number) => number | null, largest: number): readonly Layer[] {
  const facts = panel.rows(curveFactsTable).find((row) => row.vm === vm && row.policy === policy);
  if (facts === undefined) return [];
  const marks = [
    { pages: facts.knee, words: `knee of ${vmLabel(policy)}: ${formatPages(facts.knee)}` },
    { pages: facts.enough, words: `+ ${facts.extra} % misses: ${formatPages(facts.enough)}` },
  ].filter(({ pages }) => pages <= largest);
  return marks.flatMap(({ pages, words }, row): Layer[] => {
    const isRight = pages > largest / 2;
    const data = { name: row === 0 ? "knee" : "enough", values: [{ m: at(pages), words }] };
    return [
      { data, mark: { type: "rule", strokeDash: [2, 3], color: { expr: "quiet" }, aria: false }, encoding: { x } },
      {
        data,
        mark: {
          type: "text",
          align: isRight ? "right" : "left",
          dx: isRight ? -5 : 5,
          y: 8 + 16 * row,
          color: { expr: "quiet" },
          aria: false,
        },
        encoding: { x, text: { field: "words", type: "nominal" } },
      },
    ];
  });
}

/** What the drawing says, policy by policy. */
export const curveSays = (panel: Panel, vm: string): string =>
  panel
    .rows(curveFactsTable)
    .filter((row) => row.vm === vm)
    .map(curveSentence)
    .join(" ");

export const CURVE_CAPTION =
  "Every reference, which is a row of the trace, is played into memories of each size that start empty; a miss is one whose page is not there, and the first to a page always is one. " +
  "The line of LRU is counted at every size in one pass; of other policies only the points are counted. A shaded band holds the true figure of a sampled line 95 times in 100. " +
  "The knee is the point farthest below the straight line from no memory to memory for all pages. " +
  "What could be held on average if the future were known, for a bounded stall, and what other sizes would have cost, is in tidemark rightsize.";
