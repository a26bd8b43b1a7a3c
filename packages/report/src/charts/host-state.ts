import { actionsTable, formatPages, hostTable, pickTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { joinedVisits, stateTimes, stateVisits } from "../host/states.ts";
import { HOST_STATES, type HostState } from "../host/words.ts";
import type { Layer, Y } from "../layers.ts";
import { formatShare, inUnit, memoryUnit } from "../memory-unit.ts";
import { STATE_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { markerWords, timeMarks, timeX } from "../time-axis.ts";
import { formatInstant, formatSpan, inTimeUnit } from "../time-unit.ts";

const { time, state, free, minFree, clear, soft, hard, low } = hostTable.columns;
const columns = { time, state, free, minFree, clear, soft, hard, low } as const satisfies Columns;
type Point = Row<typeof columns>;

/** Height of the plot of free memory, and of a row of the strip below it; px. */
const PLOT = 220;
const GAP = 18;
const ROW = 15;
/** Free memory is drawn up to so many times minFree where it ever is as low: above, nothing depends on it but large pages. */
const TOP = 2.5;
/** Parts of the run in which changes of state are told apart. */
const PARTS = 720;
/** Share of the width that the thresholds' words take, in a narrow chart. */
const WORDS_WIDTH = 0.35;
const SCARCE = HOST_STATES.filter((name) => name !== "high");

/** Free memory against the thresholds of this host, and the states that follow from it. */
export const hostState = chart({
  name: "host-state",
  about: "free memory over time against the host's thresholds, with a strip of its states",
  title: "How scarce was memory, and when?",
  per: "run",
  tables: [hostTable, actionsTable],
  columns,
  words: {
    free: "free memory",
    minFree: "minFree",
    clear: "clear below",
    soft: "soft below",
    hard: "hard below",
    low: "low below",
  },
  draw(panel) {
    const points = pointsOf(panel);
    const [first] = points;
    if (points.length < 2 || first === undefined) return undefined;
    const topPages = topOf(points, first.minFree);
    const unit = memoryUnit(topPages);
    const x = timeX(panel);
    const y: Y = {
      field: "m",
      type: "quantitative",
      scale: { domain: [0, inUnit(topPages, unit) ?? 0], range: [PLOT, 0], nice: false },
      axis: { title: `free memory (${unit.name})`, grid: false },
    };
    const thresholds = {
      name: "thresholds",
      values: SCARCE.map((name, i) => {
        const next = SCARCE[i + 1];
        return {
          m: inUnit(first[name], unit),
          from: inUnit(next === undefined ? 0 : first[next], unit),
          label: `${name} below ${formatPages(first[name])}`,
          colour: STATE_COLOUR.get(name) ?? "",
        };
      }),
    };
    const values = points.map((point) => ({ t: inTimeUnit(point.time, panel.time), m: inUnit(point.free, unit) }));
    const word = (over: object): Layer => ({
      data: thresholds,
      mark: {
        type: "text",
        x: { expr: `5 + ${wordsAt(panel, points)} * width` },
        align: "left",
        baseline: "top",
        dy: 3,
        fontSize: 10,
        aria: false,
        ...over,
      },
      encoding: { y, text: { field: "label", type: "nominal" } },
    });
    return {
      height: PLOT + GAP + HOST_STATES.length * ROW,
      layer: [
        {
          data: thresholds,
          mark: { type: "rect", color: COLOUR, opacity: 0.16, aria: false },
          encoding: { y, y2: { field: "from" } },
        },
        { data: thresholds, mark: { type: "rule", color: COLOUR, strokeWidth: 1.5, aria: false }, encoding: { y } },
        {
          data: { name: "free", values },
          mark: { type: "line", clip: true, strokeWidth: 1.5, color: { expr: "ink" }, aria: false },
          encoding: { x, y },
        },
        word({ stroke: { expr: "paper" }, strokeWidth: 3, strokeOpacity: 0.8 }),
        word({}),
        ...stripLayers(panel),
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const visits = stateVisits(panel);
    const spanNs = panel.manifest.endNs - panel.manifest.originNs;
    const scarce = stateTimes(visits).filter(({ state: name, visits: n }) => name !== "high" && n > 0);
    if (scarce.length === 0) return "Free memory never fell below any of the host's thresholds: its state was high throughout.";
    const listed = scarce.map(({ state: name, ns, firstNs }) => `${name} for ${formatSpan(ns)} (first at ${formatInstant(firstNs)})`);
    const ns = scarce.reduce((sum, each) => sum + each.ns, 0);
    return `Memory was scarce (any state but high) for ${formatSpan(ns)} of ${formatSpan(spanNs)} (${formatShare(ns, spanNs)}): ${listed.join(", ")}.`;
  },
  caption({ manifest, tables }) {
    const [minFreePages] = pickTable(tables, hostTable)?.columns.minFree ?? [];
    return (
      `The line is memory that nobody has, cut off above ${TOP} times what this host wants to be free (minFree, ${formatPages(minFreePages ?? 0)}), where it ever falls below that. ` +
      "The coloured rules are the thresholds of this host: below each of them it is in the state that stands there, and does more to get memory back; it leaves a state a little above its threshold. " +
      `The strip below has a row per state, to the instant of every change; a hair is a visit too short to draw. ${markerWords(manifest)}`.trimEnd()
    );
  },
  numbers: pointsOf,
});

/** Free memory at the top of the plot. */
function topOf(points: readonly Point[], minFreePages: number): number {
  const frees = points.map((point) => point.free);
  const most = Math.max(1, ...frees);
  const top = TOP * minFreePages;
  return Math.min(...frees) >= top ? most : Math.min(top, Math.max(1.2 * minFreePages, most));
}

/** Where the thresholds' words hide the least of the line; share of the width. */
function wordsAt({ manifest: { originNs, endNs } }: Panel, points: readonly Point[]): number {
  const hiddenAt = (at: number): number =>
    points.filter((point) => {
      const share = (point.time - originNs) / (endNs - originNs);
      return share >= at && share < at + WORDS_WIDTH && point.free < 1.1 * point.minFree;
    }).length;
  return [0, 0.2, 0.4, 0.6].reduce((best, at) => (hiddenAt(at) < hiddenAt(best) ? at : best));
}

const COLOUR = { expr: "datum.colour === '' ? quiet : datum.colour" };

/** A row per state below the plot, with a bar for each visit. */
function stripLayers(panel: Panel): Layer[] {
  const { manifest, time: unit } = panel;
  const visits = joinedVisits(stateVisits(panel), (manifest.endNs - manifest.originNs) / PARTS);
  const rowOf = (name: HostState): number => PLOT + GAP + HOST_STATES.indexOf(name) * ROW;
  const rows = HOST_STATES.map((name) => ({ label: name, y: rowOf(name) + ROW / 2 }));
  const values = visits.map(({ state: name, fromNs, toNs }) => ({
    t: inTimeUnit(fromNs, unit),
    tEnd: inTimeUnit(toNs, unit),
    y: rowOf(name) + 2,
    yEnd: rowOf(name) + ROW - 2,
    colour: STATE_COLOUR.get(name) ?? "",
  }));
  return [
    {
      data: { name: "states", values: rows },
      mark: {
        type: "text",
        x: -6,
        y: { expr: "datum.y" },
        align: "right",
        baseline: "middle",
        fontSize: 11,
        color: { expr: "quiet" },
        aria: false,
      },
      encoding: { text: { field: "label", type: "nominal" } },
    },
    {
      data: { name: "visits", values },
      mark: {
        type: "rect",
        y: { expr: "datum.y" },
        y2: { expr: "datum.yEnd" },
        color: COLOUR,
        stroke: COLOUR,
        strokeWidth: 0.75,
        aria: false,
      },
      encoding: { x: timeX(panel), x2: { field: "tEnd" } },
    },
  ];
}

/** Free memory at samples, and at the lowest change of state in each part of the run: what the samples miss. */
function pointsOf(panel: Panel): readonly Point[] {
  const samples = panel.sampled(hostTable);
  const [first] = samples;
  if (first === undefined) return [];
  const { originNs, endNs } = panel.manifest;
  const lowest = new Map<number, Point>();
  for (const { state: entered, fromNs, freePages } of stateVisits(panel)) {
    const part = Math.floor(((fromNs - originNs) / (endNs - originNs)) * PARTS);
    if (freePages < (lowest.get(part)?.free ?? Infinity))
      lowest.set(part, { ...pointOf(first), time: fromNs, state: entered, free: freePages });
  }
  return [...samples.map(pointOf), ...lowest.values()].sort((a, b) => a.time - b.time);
}

const pointOf = (row: Point): Point => ({
  time: row.time,
  state: row.state,
  free: row.free,
  minFree: row.minFree,
  clear: row.clear,
  soft: row.soft,
  hard: row.hard,
  low: row.low,
});
