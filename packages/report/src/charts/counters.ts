import { formatPages, pickTable, timelineTable, type Columns, type Row, type Run } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { Y } from "../layers.ts";
import { COUNTER_WORDS, counterWords } from "../counter-words.ts";
import { atLastSample } from "../last-sample.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { CLASS_COLOUR, GREY, GUEST_PAINT, REPORTED_COLOUR } from "../palette.ts";
import { rowsWhere } from "../rows-where.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { time, vm, configured, granted, consumed, active, activewrite, activeReported, guestUsed, guestAllocated } = timelineTable.columns;
const columns = {
  time,
  vm,
  configured,
  granted,
  consumed,
  active,
  activewrite,
  activeReported,
  guestUsed,
  guestAllocated,
} as const satisfies Columns;

interface Line {
  readonly counter: Exclude<keyof typeof columns, "time" | "vm">;
  readonly colour: string | { readonly expr: string };
  readonly dash: readonly number[];
}

const WHOLE: readonly number[] = [1, 0];
const LINES: readonly Line[] = [
  { counter: "configured", colour: { expr: "quiet" }, dash: [2, 3] },
  { counter: "granted", colour: GREY, dash: WHOLE },
  { counter: "consumed", colour: { expr: "ink" }, dash: WHOLE },
  { counter: "guestUsed", colour: GUEST_PAINT, dash: WHOLE },
  { counter: "guestAllocated", colour: GUEST_PAINT, dash: WHOLE },
  { counter: "activeReported", colour: REPORTED_COLOUR, dash: WHOLE },
  { counter: "active", colour: CLASS_COLOUR.active, dash: WHOLE },
  { counter: "activewrite", colour: CLASS_COLOUR.active, dash: [4, 3] },
];

/** The VM's counters beside what the guest itself says it uses. */
export const counters = chart({
  name: "counters",
  about: "granted, consumed, active, active write and reported over time, with the guest's own view",
  title: "What do host and guest count?",
  per: "vm",
  tables: [timelineTable],
  columns,
  draw(panel) {
    const rows = panel.sampled(timelineTable);
    if (rows.length < 2) return undefined;
    const lines = linesOf(rows).filter(({ counter }) => counter !== "configured" || !isFarAbove(rows));
    const unit = memoryUnit(Math.max(...rows.flatMap((row) => lines.map(({ counter }) => row[counter] || 0))));
    const values = lines.flatMap(({ counter }) =>
      rows
        .filter((row) => !Number.isNaN(row[counter]))
        .map((row) => ({ t: inTimeUnit(row.time, panel.time), line: COUNTER_WORDS[counter], m: inUnit(row[counter], unit) })),
    );
    const y: Y = { field: "m", type: "quantitative", axis: { title: `memory (${unit.name})` } };
    const scale = { domain: lines.map(({ counter }) => COUNTER_WORDS[counter]) };
    return {
      height: 300,
      layer: [
        {
          data: { name: "granted", values: values.filter(({ line }) => line === COUNTER_WORDS.granted) },
          mark: { type: "line", color: GREY, strokeWidth: 5, aria: false },
          encoding: { x: timeX(panel), y },
        },
        {
          data: { name: "counters", values },
          mark: { type: "line", strokeWidth: 2, aria: false },
          encoding: {
            x: timeX(panel),
            y,
            color: {
              field: "line",
              type: "nominal",
              scale: { ...scale, range: lines.map(({ colour }) => colour) },
              legend: { title: null, symbolType: "stroke", symbolStrokeWidth: 2 },
            },
            strokeDash: { field: "line", type: "nominal", scale: { ...scale, range: lines.map(({ dash }) => [...dash]) } },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const last = panel.sampled(timelineTable).at(-1);
    if (last === undefined) return "";
    const listed = linesOf([last]).map(({ counter }) => `${counterWords(counter)} ${formatPages(last[counter])}`);
    return `${vmLabel(panel.vm)} ${atLastSample(panel, last.time)}: ${listed.join("; ")}.`;
  },
  caption: ({ manifest, tables }) =>
    `Lines on top of each other are equal: without page sharing granted and consumed are. Active is touched, active write written, in the last ${formatDuration(manifest.windowNs)}, counted page by page; ` +
    "the reported line is what a hypervisor's estimator makes of a sample. " +
    (manifest.vms.some(({ meminfoSamples }) => meminfoSamples > 0)
      ? "The guest's own view is MemTotal − MemFree of its /proc/meminfo samples; it leaves out what lies outside MemTotal."
      : "The trace has no /proc/meminfo samples: the guest's own view is the pages it allocated, less those it freed, since tracing began.") +
    (manifest.vms.some(({ name }) => isFarAbove(samplesOf(tables, name)))
      ? ` Configured memory is left out of a chart of whose other lines it is more than ${FAR} times.`
      : "") +
    ` Sampled every ${formatDuration(manifest.sampleNs)}.`,
  numbers: (panel) =>
    panel.sampled(timelineTable).map((row): Row<typeof columns> => ({
      time: row.time,
      vm: row.vm,
      configured: row.configured,
      granted: row.granted,
      consumed: row.consumed,
      active: row.active,
      activewrite: row.activewrite,
      activeReported: row.activeReported,
      guestUsed: row.guestUsed,
      guestAllocated: row.guestAllocated,
    })),
});

/** Configured memory so many times as large as all else would leave the other lines at the bottom. */
const FAR = 8;

type Sample = Row<typeof timelineTable.columns>;

function isFarAbove(rows: readonly Sample[]): boolean {
  const others = linesOf(rows).filter(({ counter }) => counter !== "configured");
  const most = Math.max(...rows.flatMap((row) => others.map(({ counter }) => row[counter] || 0)));
  return most > 0 && rows.some(({ configured }) => configured > FAR * most);
}

function samplesOf(tables: Run["tables"], vm: string): readonly Sample[] {
  const timeline = pickTable(tables, timelineTable);
  return rowsWhere(timeline, (i) => timeline?.columns.vm[i] === vm);
}

/** The lines with a known value; of the guest's two views the better one. */
function linesOf(rows: readonly Sample[]): readonly Line[] {
  const known = LINES.filter(({ counter }) => rows.some((row) => !Number.isNaN(row[counter])));
  const hasUsed = known.some(({ counter }) => counter === "guestUsed");
  return known.filter(({ counter }) => counter !== "guestAllocated" || !hasUsed);
}
