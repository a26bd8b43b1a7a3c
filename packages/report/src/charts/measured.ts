import {
  formatPages,
  hostTable,
  measuredDifferencesTable,
  measuredTable,
  simulatedHost,
  tableOf,
  timelineTable,
  type Columns,
  type Row,
} from "@tidemark/data/shapes";
import { SAMPLES_MAX } from "../bounds.ts";
import { chart } from "../chart.ts";
import type { Layer, Y } from "../layers.ts";
import { COUNTER_WORDS, differenceSentence, type NamedCounter } from "../measured/words.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { GREY, GUEST_PAINT, MECHANISM_COLOUR, REPORTED_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { thinned } from "../thin.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { inTimeUnit } from "../time-unit.ts";
import { hostOrVm } from "../vm-label.ts";

const columns = {
  time: measuredTable.columns.time,
  vm: measuredTable.columns.vm,
  series: { type: "text", unit: "", about: "whose figure it is: measured, simulated" },
  counter: measuredDifferencesTable.columns.counter,
  pages: { type: "number", unit: "pages", about: "its value" },
} as const satisfies Columns;

interface Line {
  readonly counter: NamedCounter;
  readonly colour: string | { readonly expr: string };
}

/** What is drawn, where it was measured and is not always nothing. */
const LINES: readonly Line[] = [
  { counter: "machine", colour: GREY },
  { counter: "granted", colour: GREY },
  { counter: "free", colour: { expr: "quiet" } },
  { counter: "consumed", colour: { expr: "ink" } },
  { counter: "guestUsed", colour: GUEST_PAINT },
  { counter: "activeReported", colour: REPORTED_COLOUR },
  { counter: "vmmemctl", colour: MECHANISM_COLOUR.balloon },
  { counter: "swapped", colour: MECHANISM_COLOUR.swap },
  { counter: "zipped", colour: MECHANISM_COLOUR.zip },
  { counter: "shared", colour: MECHANISM_COLOUR.sharing },
];
const SERIES = ["simulated", "measured"] as const;

/** What a real host or guest counted, over what the replay makes of the same counters. */
export const measured = chart({
  name: "measured",
  about: "counters of a real host or guest beside the simulated ones, with bias, error and correlation",
  title: "Does the replay meet what was measured?",
  per: "vm-and-host",
  tables: [measuredTable, timelineTable, hostTable, measuredDifferencesTable],
  columns,
  draw(panel) {
    const lines = linesOf(panel);
    const points = pointsOf(panel, lines);
    if (new Set(points.filter(({ series }) => series === "measured").map(({ time }) => time)).size < 2) return undefined;
    const unit = memoryUnit(Math.max(...points.map(({ pages }) => pages)));
    const x = timeX(panel);
    const y: Y = { field: "m", type: "quantitative", axis: { title: `memory (${unit.name})` } };
    const drawn = lines.flatMap((line) =>
      SERIES.filter((series) => points.some((point) => point.series === series && point.counter === line.counter)).map((series) => ({
        ...line,
        series,
        label: `${COUNTER_WORDS[line.counter]}, ${series}`,
      })),
    );
    const values = drawn.flatMap(({ counter, series, label }) =>
      points
        .filter((point) => point.counter === counter && point.series === series)
        .map(({ time, pages }) => ({ t: inTimeUnit(time, panel.time), line: label, m: inUnit(pages, unit) })),
    );
    const domain = drawn.map(({ label }) => label);
    // Consumed often lies on granted.
    const isGranted = new Set(drawn.filter(({ counter }) => counter === "granted" || counter === "machine").map(({ label }) => label));
    const below = values.filter(({ line }) => isGranted.has(line));
    const under = (data: typeof values): Layer => ({
      data: { name: "granted", values: data },
      mark: { type: "line", color: GREY, strokeWidth: 5, interpolate: "step-after", aria: false },
      encoding: { x, y, detail: { field: "line", type: "nominal" } },
    });
    return {
      height: 300,
      layer: [
        ...(below.length === 0 ? [] : [under(below)]),
        {
          data: { name: "series", values },
          mark: { type: "line", strokeWidth: 2, interpolate: "step-after", aria: false },
          encoding: {
            x,
            y,
            color: {
              field: "line",
              type: "nominal",
              scale: { domain, range: drawn.map(({ colour }) => colour) },
              legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2, symbolSize: 400 },
            },
            strokeDash: {
              field: "line",
              type: "nominal",
              scale: { domain, range: drawn.map(({ series }) => (series === "measured" ? [2, 3] : [1, 0])) },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const differences = ownRows(panel, panel.rows(measuredDifferencesTable)).filter(
      ({ counter, measured: mean, simulated }) => LINES.some((line) => line.counter === counter) && mean + simulated > 0,
    );
    if (differences.length === 0) return measuredMeans(panel);
    return differences.map(differenceSentence).join(" ");
  },
  caption: (run) =>
    (run.tables.some(({ spec }) => spec.name === timelineTable.name)
      ? "Dotted lines were measured, whole ones are simulated; each measured sample is held against the last simulated one before it. "
      : "All of it was measured; nothing is simulated. ") +
    "A host's active memory is an estimate of its own, so that it is held against the simulated estimator and not against the true count; its consumed memory includes what the replay leaves out, the hypervisor's own memory for the VM. " +
    filesWords(run.manifest.measured?.map(({ name, format }) => `${name} (${format})`) ?? []),
  numbers: (panel) => pointsOf(panel, linesOf(panel)),
});

function measuredMeans(panel: Panel): string {
  const rows = ownRows(panel, panel.rows(measuredTable));
  const listed = linesOf(panel).map(({ counter }) => {
    const known = rows.map((row) => row[counter]).filter((pages) => !Number.isNaN(pages));
    return `${COUNTER_WORDS[counter]} ${formatPages(Math.round(known.reduce((sum, pages) => sum + pages, 0) / known.length))}`;
  });
  return `${hostOrVm(panel.vm)}, measured, in the mean: ${listed.join("; ")}.`;
}

const filesWords = (files: readonly string[]): string => (files.length === 0 ? "" : `Measured: ${files.join(", ")}.`);

const linesOf = (panel: Panel): readonly Line[] => {
  const rows = ownRows(panel, panel.rows(measuredTable));
  return LINES.filter(({ counter }) => rows.some((row) => row[counter] > 0));
};

/** Samples inside the replay, of the counters drawn. */
function pointsOf(panel: Panel, lines: readonly Line[]): readonly Row<typeof columns>[] {
  const { originNs, endNs } = panel.manifest;
  const samples: { readonly [K in (typeof SERIES)[number]]: readonly DrawnSample[] } = {
    simulated: panel.vm === "" ? simulatedHostRows(panel) : panel.sampled(timelineTable),
    measured: ownRows(panel, panel.sampled(measuredTable)),
  };
  return SERIES.flatMap((series) =>
    samples[series]
      .filter(({ time }) => time >= originNs && time <= endNs)
      .flatMap(({ time, vm, ...counters }) =>
        lines
          .map(({ counter }) => ({ time, vm, series, counter, pages: counters[counter] ?? NaN }))
          .filter(({ pages }) => !Number.isNaN(pages)),
      ),
  );
}

/** A panel of the host has rows of all: its own are those without a VM. */
const ownRows = <R extends { readonly vm: string }>(panel: Panel, rows: readonly R[]): readonly R[] =>
  rows.filter(({ vm }) => vm === panel.vm);

type DrawnSample = { readonly time: number; readonly vm: string } & { readonly [K in NamedCounter]?: number };

/** The simulated host's samples; none where its memory has no end. */
function simulatedHostRows(panel: Panel): readonly DrawnSample[] {
  const host = panel.rows(hostTable);
  if (host.length === 0) return [];
  const { timesNs, counters } = simulatedHost(tableOf(hostTable, host), tableOf(timelineTable, panel.rows(timelineTable)));
  const rows = Array.from(timesNs, (time, i) => ({
    time,
    vm: panel.vm,
    ...Object.fromEntries(LINES.map(({ counter }) => [counter, counters[counter]?.[i] ?? NaN])),
  }));
  return thinned(rows, SAMPLES_MAX, []);
}
