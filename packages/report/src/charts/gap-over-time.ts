import { formatPages, gapTable, timelineTable, type Columns, type LedgerClass, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { classWords, STACK_ORDER } from "../class-words.ts";
import { atLastSample } from "../last-sample.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { CLASS_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { markerWords, timeMarks, timeX } from "../time-axis.ts";
import { formatDuration, formatInstant, inTimeUnit } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const columns = {
  time: gapTable.columns.time,
  vm: gapTable.columns.vm,
  class: gapTable.columns.class,
  pages: gapTable.columns.pages,
} as const satisfies Columns;

const isStacked = (cls: string): cls is LedgerClass => STACK_ORDER.some((each) => each === cls);

/** Every resident page over time, by ledger class, with consumed on it. */
export const gapOverTime = chart({
  name: "gap-over-time",
  about: "resident memory over time by ledger class, with consumed and active as lines",
  title: "How did the gap come about?",
  per: "vm",
  tables: [gapTable, timelineTable],
  columns,
  draw(panel) {
    const lines = panel.sampled(timelineTable);
    if (lines.length < 2) return undefined;
    const { windowNs } = panel.manifest;
    const unit = memoryUnit(Math.max(...lines.map(({ granted, consumed }) => Math.max(granted, consumed))));
    const t = (ns: number): number => inTimeUnit(ns, panel.time);
    const stack = sums(panel).filter(({ class: cls }) => isStacked(cls));
    const present = STACK_ORDER.filter((cls) => stack.some((row) => row.class === cls && row.pages > 0));
    if (present.length === 0) return undefined; // nothing was resident at any sample
    const wordsOf = (cls: LedgerClass): string => classWords(cls, windowNs);
    const x = timeX(panel);
    const values = stack
      .filter(({ class: cls }) => present.some((each) => each === cls))
      .map(({ time, class: cls, pages }) => ({
        t: t(time),
        class: isStacked(cls) ? wordsOf(cls) : cls,
        order: STACK_ORDER.findIndex((each) => each === cls),
        m: inUnit(pages, unit),
      }));
    const consumed = lines.map((row) => ({ t: t(row.time), consumed: inUnit(row.consumed, unit), active: inUnit(row.active, unit) }));
    const shown = present.toReversed();
    const legend = { domain: [CONSUMED, ...shown.map(wordsOf)], range: [{ expr: "ink" }, ...shown.map((cls) => CLASS_COLOUR[cls])] };
    return {
      height: 300,
      layer: [
        {
          data: { name: "classes", values },
          mark: { type: "area", stroke: { expr: "paper" }, strokeWidth: 0.75, aria: false },
          encoding: {
            x,
            y: { field: "m", type: "quantitative", stack: "zero", axis: { title: `host memory (${unit.name})` } },
            order: { field: "order", type: "quantitative" },
            color: { field: "class", type: "nominal", scale: legend, legend: { title: null } },
          },
        },
        {
          data: { name: "counters", values: consumed },
          mark: { type: "line", strokeWidth: 2, aria: false },
          encoding: {
            x,
            y: { field: "consumed", type: "quantitative" },
            color: { datum: CONSUMED, type: "nominal" },
          },
        },
        {
          data: { name: "counters", values: consumed },
          mark: { type: "line", strokeWidth: 1.5, color: CLASS_COLOUR.active, aria: false },
          encoding: { x, y: { field: "active", type: "quantitative" } },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const rows = panel.sampled(timelineTable);
    const most = rows.reduce((a, b) => (b.consumed > a.consumed ? b : a));
    const last = rows.at(-1) ?? most;
    // Classes are parts of granted memory, which with page sharing is more than consumed.
    const whole = last.granted === last.consumed ? ", of which" : `; of ${formatPages(last.granted)} granted`;
    return (
      `${vmLabel(panel.vm)}: consumed memory reaches ${formatPages(most.consumed)} at ${formatInstant(most.time)}; ` +
      `${atLastSample(panel, last.time)}, it is ${formatPages(last.consumed)}${whole} ${formatPages(last.active)} is active and ${formatPages(last.freed)} freed by the guest.`
    );
  },
  caption: ({ manifest }) =>
    "Each band is one class of resident memory, the most used at the bottom; the height of all bands is granted memory. The black (in the dark: white) line is consumed, " +
    "and the top of the lowest band is true active memory, so the gap is all that lies between. A line below the top of the bands would be what page sharing saves. " +
    `Sampled every ${formatDuration(manifest.sampleNs)}; window ${formatDuration(manifest.windowNs)}. ${markerWords(manifest)}The dashed rule is the explained instant.`,
  numbers: sums,
});

const CONSUMED = "consumed: charged to the VM";

/** Pages by sample and class, kinds summed; a class that a sample has none of is 0, so that bands close. */
function sums(panel: Panel): Row<typeof columns>[] {
  const bySample = new Map<number, Map<string, number>>();
  for (const { time } of panel.sampled(timelineTable)) bySample.set(time, new Map());
  for (const { time, class: cls, pages } of panel.sampled(gapTable)) {
    const classes = bySample.get(time);
    classes?.set(cls, (classes.get(cls) ?? 0) + pages);
  }
  const sharing = [...bySample.values()].some((classes) => classes.has("sharing"));
  const listed: readonly LedgerClass[] = sharing ? [...STACK_ORDER, "sharing"] : STACK_ORDER;
  return [...bySample].flatMap(([time, classes]) =>
    listed.map((cls) => ({ time, vm: panel.vm, class: cls, pages: classes.get(cls) ?? 0 })),
  );
}
