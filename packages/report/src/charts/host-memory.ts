import { formatPages, hostTable, timelineTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { atLastSample } from "../last-sample.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { GREY, MECHANISM_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const { time, vm, configured, granted, consumed, shared, vmmemctl, zipped, zipCache, swapped, unbacked } = timelineTable.columns;
const columns = {
  time,
  vm,
  configured,
  granted,
  consumed,
  own: { type: "number", unit: "pages", about: "granted and not shared" },
  held: { type: "number", unit: "pages", about: "what the VM costs the host: consumed and its zip cache" },
  shared,
  vmmemctl,
  zipped,
  zipCache,
  swapped,
  unbacked,
} as const satisfies Columns;
type Sample = Row<typeof columns>;

interface Part {
  readonly words: string;
  readonly colour: string | { readonly expr: string };
  pagesOf(row: Sample): number;
}

/** A VM's configured memory from the bottom of the stack to its top; the parts sum to it. */
const PARTS: readonly Part[] = [
  { words: "machine memory of its own", colour: GREY, pagesOf: (row) => row.own },
  { words: "shared machine memory", colour: MECHANISM_COLOUR.sharing, pagesOf: (row) => row.shared },
  { words: "compressed (zipped)", colour: MECHANISM_COLOUR.zip, pagesOf: (row) => row.zipped },
  { words: "swapped by the host", colour: MECHANISM_COLOUR.swap, pagesOf: (row) => row.swapped },
  { words: "in the balloon", colour: MECHANISM_COLOUR.balloon, pagesOf: (row) => row.vmmemctl },
  { words: "unbacked: nothing behind it", colour: { expr: "line" }, pagesOf: (row) => row.unbacked },
];
const HELD = "held: consumed and zip cache";

/** What became of each VM's memory, mechanism by mechanism. */
export const hostMemory = chart({
  name: "host-memory",
  about: "each VM's memory over time by where it is: machine memory, shared, compressed, swapped, ballooned, unbacked",
  title: "Who has the host's memory?",
  per: "vm",
  tables: [timelineTable, hostTable],
  columns,
  words: { own: "machine memory of its own", held: "held" },
  draw(panel) {
    const rows = samplesOf(panel);
    if (rows.length < 2) return undefined;
    const unit = memoryUnit(Math.max(...rows.map((row) => row.configured)));
    const x = timeX(panel);
    const t = (row: Sample): number => inTimeUnit(row.time, panel.time);
    const parts = PARTS.filter((part) => rows.some((row) => part.pagesOf(row) > 0));
    const values = rows.flatMap((row) =>
      parts.map((part) => ({ t: t(row), part: part.words, order: PARTS.indexOf(part), m: inUnit(part.pagesOf(row), unit) })),
    );
    const lines = rows.map((row) => ({ t: t(row), held: inUnit(row.held, unit) }));
    const shown = parts.toReversed();
    const scale = {
      domain: [HELD, ...shown.map(({ words }) => words)],
      range: [{ expr: "ink" }, ...shown.map(({ colour }) => colour)],
    };
    return {
      height: 260,
      layer: [
        {
          data: { name: "parts", values },
          mark: { type: "area", stroke: { expr: "paper" }, strokeWidth: 0.75, aria: false },
          encoding: {
            x,
            y: { field: "m", type: "quantitative", stack: "zero", axis: { title: `memory of the VM (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: { field: "part", type: "nominal", scale, legend: { title: null } },
          },
        },
        {
          data: { name: "held", values: lines },
          mark: { type: "line", strokeWidth: 2, aria: false },
          encoding: { x, y: { field: "held", type: "quantitative" }, color: { datum: HELD, type: "nominal" } },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const rows = samplesOf(panel);
    const last = rows.at(-1);
    if (last === undefined) return "";
    const listed = PARTS.filter((part) => part.pagesOf(last) > 0).map((part) => `${formatPages(part.pagesOf(last))} ${part.words}`);
    return `${vmLabel(panel.vm)} ${atLastSample(panel, last.time)}: of ${formatPages(last.configured)}, ${listed.join(", ")}.`;
  },
  caption: ({ manifest }) =>
    "The bands are the VM's own pages, as its guest sees them: their sum is its configured size, and each page is in one band. What is coloured above the grey the host has got back: " +
    "balloon, compression and swap. The line is the machine memory that the VM costs the host; it lies below the top of the shared band as far as sharing saves, and above it by the compression cache. " +
    `Sampled every ${formatDuration(manifest.sampleNs)}.`,
  numbers: samplesOf,
});

/** The VM's counters; none without a host that memory can be scarce on. */
function samplesOf(panel: Panel): readonly Sample[] {
  if (panel.rows(hostTable).length === 0) return [];
  return panel.sampled(timelineTable).map((row) => ({
    time: row.time,
    vm: row.vm,
    configured: row.configured,
    granted: row.granted,
    consumed: row.consumed,
    own: row.granted - row.shared,
    held: row.consumed + row.zipCache,
    shared: row.shared,
    vmmemctl: row.vmmemctl,
    zipped: row.zipped,
    zipCache: row.zipCache,
    swapped: row.swapped,
    unbacked: row.unbacked,
  }));
}
