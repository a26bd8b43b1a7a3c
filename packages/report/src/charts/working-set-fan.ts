import { formatPages, rightSizeTable, workingSetTable } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { exactMemory } from "../exact-memory.ts";
import type { Layer, X, Y } from "../layers.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { OP_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { formatDuration } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const MEAN = "mean";
const LARGEST = "largest";
const OPS = [
  { op: "all", words: "touched", colour: { expr: "ink" } },
  { op: "reads", words: "read", colour: OP_COLOUR.reads },
  { op: "writes", words: "written", colour: OP_COLOUR.writes },
] as const;
/** In the order of the legend. */
const LINES = OPS.flatMap(({ op, words, colour }) => [
  { op, what: MEAN, words: `${words}, ${MEAN}`, colour, dash: [1, 0] },
  { op, what: LARGEST, words: `${words}, ${LARGEST}`, colour, dash: [5, 3] },
]);
const lineWords = (op: string, what: string): string => LINES.find((line) => line.op === op && line.what === what)?.words ?? "";
/** Labels of the axis at most, on a plot so wide (px) and on a narrower one. */
const LABELS_MAX = 7,
  NARROW_LABELS_MAX = 4,
  WIDE = 560;
/** Half of the longest words beside a diamond, px. */
const HALF = 76;

/** Working sets against the length of their window, with what an estimator reports as active beside them. */
export const workingSetFan = chart({
  name: "working-set-fan",
  about: "working sets, mean and largest, read and written, against the length of their window",
  title: "How much memory does the VM work on?",
  per: "vm",
  tables: [workingSetTable, rightSizeTable],
  columns: workingSetTable.columns,
  words: { mean: MEAN, max: LARGEST },
  names: Object.fromEntries(OPS.map(({ op, words }) => [op, words])),
  draw(panel) {
    const rows = ownRows(panel);
    const windows = [...new Set(rows.map(({ window }) => window))].sort((a, b) => a - b);
    if (windows.length < 2) return undefined;
    const reported = reportedOf(panel);
    const unit = memoryUnit(Math.max(...rows.map(({ max }) => max), ...reported.map(({ pages }) => pages)));
    const [shortest, longest] = [windows[0] ?? 1, windows.at(-1) ?? 1];
    const labelled = spacedFromLongest(windows, LABELS_MAX);
    const few = spacedFromLongest(windows, NARROW_LABELS_MAX);
    const words = labelled.map((ns) => (ns === longest ? "whole trace" : formatDuration(ns)));
    const x: X = {
      field: "window",
      type: "quantitative",
      scale: { type: "log", nice: false, domain: [shortest, longest] },
      axis: {
        title: "length of the window (log scale)",
        values: [...labelled],
        // Vega would leave out every second, and the longest with them.
        tickCount: labelled.length,
        labelExpr: `width < ${WIDE} && indexof(${JSON.stringify(few)}, datum.value) < 0 ? '' : ${JSON.stringify(words)}[indexof(${JSON.stringify(labelled)}, datum.value)]`,
        labelOverlap: false,
      },
    };
    const y = (field: string): Y => ({
      field,
      type: "quantitative",
      scale: { domainMin: 0, nice: true },
      axis: { title: `memory (${unit.name})` },
    });
    const values = rows.flatMap(({ op, window, mean, max }) => [
      { line: lineWords(op, MEAN), window, m: inUnit(mean, unit) },
      { line: lineWords(op, LARGEST), window, m: inUnit(max, unit) },
    ]);
    const band = rows
      .filter(({ op }) => op === "all")
      .map(({ window, mean, max }) => ({ window, mean: inUnit(mean, unit), max: inUnit(max, unit) }));
    const marks = reported.map(({ what, window, pages }) => ({
      window,
      m: inUnit(pages, unit),
      across: Math.log(window / shortest) / Math.log(longest / shortest),
      words: `active reported, ${what}`,
      tip: `active reported, ${what}: ${exactMemory(pages)}`,
    }));
    const isRight = (marks[0]?.across ?? 0) > 0.5;
    const pointLayers: readonly Layer[] =
      marks.length === 0
        ? []
        : [
            {
              data: { name: "reported", values: marks },
              mark: { type: "point", shape: "diamond", filled: true, size: 70, opacity: 1, color: { expr: "quiet" }, aria: false },
              encoding: { x, y: y("m"), tooltip: { field: "tip", type: "nominal" } },
            },
            // Lines may run behind the words: these stand on a rim of paper. On a narrow plot, where neither side has room, they are above their diamond.
            ...[{ stroke: { expr: "paper" }, strokeWidth: 4 }, { color: { expr: "quiet" } }].map((ink, layer): Layer => ({
              data: { name: layer === 0 ? "rim" : "words", values: marks },
              mark: {
                type: "text",
                align: { expr: `width < ${WIDE} ? 'center' : '${isRight ? "right" : "left"}'` },
                dx: {
                  expr: `width < ${WIDE} ? clamp(datum.across * width, ${HALF}, width - ${HALF}) - datum.across * width : ${isRight ? -9 : 9}`,
                },
                dy: { expr: `width < ${WIDE} ? -13 : 0` },
                aria: false,
                ...ink,
              },
              encoding: { x, y: y("m"), text: { field: "words", type: "nominal" } },
            })),
          ];
    return {
      height: 300,
      under: { x: { column: "window", unit: 1 } },
      layer: [
        {
          data: { name: "band", values: band },
          mark: { type: "area", color: { expr: "ink" }, opacity: 0.1, aria: false },
          encoding: { x, y: y("mean"), y2: { field: "max" } },
        },
        {
          data: { name: "sets", values },
          mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 18 }, aria: false },
          encoding: {
            x,
            y: y("m"),
            color: {
              field: "line",
              type: "nominal",
              scale: { domain: LINES.map(({ words }) => words), range: LINES.map(({ colour }) => colour) },
              legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2, symbolSize: 400 },
            },
            strokeDash: {
              field: "line",
              type: "nominal",
              scale: { domain: LINES.map(({ words }) => words), range: LINES.map(({ dash }) => dash) },
            },
          },
        },
        ...pointLayers,
      ],
    };
  },
  says(panel) {
    const all = ownRows(panel).filter(({ op }) => op === "all");
    const listed = all.map(({ window, mean, max }) => `${formatDuration(window)} ${formatPages(mean)} and ${formatPages(max)}`);
    return `${vmLabel(panel.vm)}: working set by length of the window, mean and largest: ${listed.join("; ")}.`;
  },
  caption: () =>
    "The working set of a window is the number of different guest-physical pages touched in it. It is counted at every instant, not for windows laid end to end: the mean is over all windows that lie wholly in the trace, " +
    "the largest is the largest anywhere; the shade lies between them. Where the two are far apart a VM sized for its mean is short of memory at its peak. Read and written are counted apart, a page may be both; fetches are reads. " +
    "Diamonds are what the estimator reports as active, over its samples, at its own window.",
  numbers: (panel) => panel.rows(workingSetTable),
});

/** Of rising windows, those that have room for a label on a log axis, the longest first of all. */
function spacedFromLongest(windows: readonly number[], most: number): readonly number[] {
  const least = ((windows.at(-1) ?? 1) / (windows[0] ?? 1)) ** (1 / most);
  const kept: number[] = [];
  for (const ns of windows.toReversed()) if (kept.length === 0 || (kept[0] ?? ns) / ns >= least) kept.unshift(ns);
  return kept;
}

/** Of windows that have a length. */
const ownRows = (panel: Panel) => panel.rows(workingSetTable).filter(({ window }) => window > 0);

/** Largest and mean of what the estimator reports. */
const reportedOf = (panel: Panel) =>
  panel.rows(rightSizeTable).flatMap(({ basis, window, pages }) => {
    if (basis === "reported max") return [{ what: LARGEST, window, pages }];
    return basis === "reported mean" ? [{ what: MEAN, window, pages }] : [];
  });
