import { curveFactsTable, curveTable, formatPages } from "@tidemark/data/shapes";
import { exactMemory } from "../exact-memory.ts";
import { BOUND, boundPoints, lineOf, referencesOf } from "./points.ts";
import { vmCurveSentences } from "./words.ts";
import type { Drawing, Layer, X, Y } from "../layers.ts";
import { formatCount, formatPageCount, formatShare, inUnit, memoryUnit } from "../memory-unit.ts";
import { POLICY_COLOURS } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

/** Policies drawn at most, the bound besides. */
const POLICIES_MAX = POLICY_COLOURS.length;
const BOUND_WORDS = "belady: the bound";

/** The misses of one VM, or of all of them on one host, policy by policy. */
export function curveDrawing(panel: Panel, vm: string): Drawing | undefined {
  const points = panel.rows(curveTable).filter((row) => row.vm === vm);
  const references = referencesOf(panel, vm);
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
      .map(({ pages, misses }) => ({
        line: words,
        m: inUnit(pages, unit),
        misses: percent(misses),
        tip: `memory: ${exactMemory(pages)}\n${words}, misses: ${formatCount(misses)} accesses, ${formatShare(misses, references)} of the references`,
      })),
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
    under: { x: { column: "pages", unit: unit.pages } },
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
        encoding: { x, y: y("misses"), color, tooltip: { field: "tip", type: "nominal" } },
      },
      ...boundLayers(panel, vm, x, y("misses"), (pages) => inUnit(pages, unit), percent),
      ...marksOf(panel, vm, policies[0] ?? "", x, (pages) => inUnit(pages, unit), largest),
    ],
  };
}

/** In the order of the run, the bound last. */
function shownPolicies(points: readonly { readonly policy: string }[]): readonly string[] {
  const all = [...new Set(points.map(({ policy }) => policy))];
  return [...all.filter((policy) => policy !== BOUND).slice(0, POLICIES_MAX), ...all.filter((policy) => policy === BOUND)];
}

/** Height of a mark's words, px. */
const LABEL_ROW = 16;

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
    // The second rule begins below the first one's words, and words stand on a rim of paper: none is crossed.
    const text = (ink: object): Layer => ({
      data,
      mark: { type: "text", align: isRight ? "right" : "left", dx: isRight ? -5 : 5, y: LABEL_ROW * (row + 0.5), aria: false, ...ink },
      encoding: { x, text: { field: "words", type: "nominal" } },
    });
    return [
      {
        data,
        mark: { type: "rule", strokeDash: [2, 3], color: { expr: "quiet" }, y: LABEL_ROW * row, y2: "height", aria: false },
        encoding: { x },
      },
      text({ stroke: { expr: "paper" }, strokeWidth: 4 }),
      text({ color: { expr: "quiet" } }),
    ];
  });
}

/** Labels of the bound stand apart by this part of the axis. */
const LABEL_PART = 0.06;

/** The smallest memories of the bound, on its line, with the stall that is allowed: the largest to its right, others to their left, as far as there is room. */
function boundLayers(
  panel: Panel,
  vm: string,
  x: X,
  y: Y,
  at: (pages: number) => number | null,
  percent: (misses: number) => number,
): readonly Layer[] {
  const points = boundPoints(panel, vm);
  if (points.length === 0) return [];
  const room = LABEL_PART * Math.max(...panel.rows(curveFactsTable).map(({ distinct }) => distinct));
  let labelled = Infinity;
  const values = points.map(({ stall, pages, pageIns, misses }, i) => {
    const isClear = labelled - pages > room;
    if (isClear) labelled = pages;
    return {
      m: at(pages),
      misses: percent(misses),
      words: isClear ? (stall === 0 ? "no stall" : formatSpan(stall)) : "",
      tip: `${stall === 0 ? "no stall" : `at most ${formatSpan(stall)} of stall`}: ${exactMemory(pages)}; ${formatPageCount(pageIns)} read again`,
      isLargest: i === 0,
    };
  });
  const label = (
    part: typeof values,
    name: string,
    place: { readonly align: "left" | "right"; readonly dx: number; readonly dy: number },
  ): readonly Layer[] =>
    part.length === 0
      ? []
      : [
          {
            data: { name, values: part },
            mark: { type: "text", ...place, color: { expr: "ink" }, aria: false },
            encoding: { x, y, text: { field: "words", type: "nominal" } },
          },
        ];
  return [
    {
      data: { name: "bound", values },
      mark: { type: "point", shape: "diamond", filled: true, size: 70, opacity: 1, color: { expr: "ink" }, aria: false },
      encoding: { x, y, tooltip: { field: "tip", type: "nominal" } },
    },
    ...label(
      values.filter(({ isLargest }) => isLargest),
      "largest",
      { align: "left", dx: 7, dy: 9 },
    ),
    ...label(
      values.filter(({ isLargest, words }) => !isLargest && words !== ""),
      "smaller",
      { align: "right", dx: -7, dy: 9 },
    ),
  ];
}

/** What the drawing says, policy by policy. */
export const curveSays = (panel: Panel, vm: string): string => vmCurveSentences((spec) => panel.rows(spec), vm).join(" ");

export const CURVE_CAPTION =
  "Every reference, which is a row of the trace, is played into memories of each size that start empty; a miss is one whose page is not there, and the first to a page always is one. " +
  "The line of LRU is counted at every size in one pass; of other policies only the points are counted. A shaded band holds the true figure of a sampled line 95 times in 100. " +
  "Diamonds are the smallest memories in which Belady's policy, which knows the future, stalls the VM no longer than is written at them: no policy that pages on demand does with less. " +
  "The knee is the point farthest below the straight line from no memory to memory for all pages. " +
  "What could be held on average if the future were known, for a bounded stall, and what other sizes would have cost, is in tidemark rightsize.";
