import { exitsTable } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import type { Y } from "../layers.ts";
import { formatCount } from "../memory-unit.ts";
import { causeWords, EXIT_WORDS } from "../mode-words.ts";
import { CAUSE_COLOUR, GREY } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { timeMarks, timeX } from "../time-axis.ts";
import { formatInstant, inTimeUnit } from "../time-unit.ts";
import { translatedLabel } from "../translated-as.ts";
import { vmLabel } from "../vm-label.ts";

/** Height of a row at most, and of the rows together; px. */
const ROW_MAX = 20;
const HEIGHT_MAX = 560;

/** VM exits over time, a row per mode and reason. */
export const exits = chart({
  name: "exits",
  about: "VM exits over time by mode and reason, on a log colour scale",
  title: "When does the guest exit, and why?",
  per: "translation",
  tables: [exitsTable],
  columns: exitsTable.columns,
  names: EXIT_WORDS,
  draw(panel) {
    const all = panel.rows(exitsTable);
    if (all.length === 0) return undefined;
    const { time: unit } = panel;
    const rows = rowsOf(panel);
    const keyOf = new Map(rows.map(({ mode, reason, key }) => [JSON.stringify([mode, reason]), key]));
    const most = Math.max(10, ...all.map((each) => each.exits));
    const intervalNs = Math.max(1, ...all.map(({ from, time }) => time - from));
    // As `formatInterval` tells them, in the unit of the axis.
    const digits = Math.max(3, ...all.map(({ from, time }) => Math.ceil(Math.log10(unit.ns / Math.max(1, time - from)))));
    const instant = (field: string): string => `format(datum.${field}, '.${digits}~f') + ' ${unit.name}'`;
    const values = all.map(({ from, time, mode, reason, exits: n }) => ({
      row: keyOf.get(JSON.stringify([mode, reason])) ?? "",
      of: `${vmLabel(mode)}, ${vmLabel(causeWords(reason))}`,
      t: inTimeUnit(from, unit),
      tEnd: inTimeUnit(time, unit),
      exits: n,
    }));
    const y: Y = {
      field: "row",
      type: "nominal",
      scale: { domain: rows.map(({ key }) => key), paddingInner: 0.15 },
      axis: {
        title: null,
        // A key is the row's number, `:` or for a mode's own row `=`, and its label.
        labelExpr: "replace(datum.value, /^[0-9]+[:=]/, '')",
        labelFontWeight: { condition: { test: "test(/^[0-9]+=/, datum.value)", value: 600 }, value: "normal" },
        labelColor: { expr: "ink" },
        labelLimit: 220,
        labelPadding: 18,
      },
    };
    const x = timeX(panel, "t");
    return {
      under: { x: { column: "from", end: "time", unit: unit.ns } },
      height: Math.round(rows.length * Math.min(ROW_MAX, HEIGHT_MAX / rows.length)),
      layer: [
        {
          data: { name: "reasons", values: rows.flatMap(({ key, colour }) => (colour === undefined ? [] : [{ row: key, colour }])) },
          mark: { type: "square", x: -10, size: 80, opacity: 1, color: { expr: "datum.colour" }, aria: false },
          encoding: { y },
        },
        {
          data: { name: "exits", values },
          // Not written out beside each: there may be thousands.
          mark: {
            type: "rect",
            aria: false,
            tooltip: {
              expr: `${instant("t")} + ' to ' + ${instant("tEnd")} + '\\n' + datum.of + ': ' + format(datum.exits, ',') + (datum.exits === 1 ? ' exit' : ' exits')`,
            },
          },
          encoding: {
            x,
            x2: { field: "tEnd" },
            y,
            color: {
              field: "exits",
              type: "quantitative",
              scale: { type: "log", domain: [1, most], nice: false, scheme: { expr: "heatRamp" } },
              legend: {
                title: `exits in ${formatInstant(intervalNs)} (log scale)`,
                direction: "horizontal",
                gradientLength: { expr: "min(300, width - 16)" },
                gradientOpacity: 1,
                format: "~s",
                tickCount: 5,
              },
            },
          },
        },
        ...timeMarks(panel),
      ],
    };
  },
  says(panel) {
    const listed = modesOf(panel).map(({ mode, reasons, total }) => {
      const [first] = [...reasons].sort((a, b) => b.exits - a.exits);
      return `${vmLabel(mode)} ${formatCount(total)}${first === undefined ? "" : ` (most often ${vmLabel(causeWords(first.reason))}, ${formatCount(first.exits)})`}`;
    });
    return `${translatedLabel(panel.vm, panel.translated)}: exits by mode: ${listed.join("; ")}.`;
  },
  caption: () =>
    "An exit stops the guest and runs the hypervisor. A row per mode and reason that occurs, with its exits over the whole trace; the darker (on a dark page: lighter) an interval, the more there were in it. Blank is none. " +
    "The squares have the reasons' colours of the cost chart. Native has no exits. " +
    "The hypervisor's tables start empty unless the scenario says warm: the first touches of a trace are then hidden faults and EPT violations.",
  numbers: (panel) => [...panel.rows(exitsTable)],
});

interface ModeExits {
  readonly mode: string;
  readonly total: number;
  /** In the order of the cost chart. */
  readonly reasons: readonly { readonly reason: string; readonly exits: number }[];
}

function modesOf(panel: Panel): readonly ModeExits[] {
  const byMode = new Map<string, Map<string, number>>();
  for (const { mode, reason, exits: n } of panel.rows(exitsTable)) {
    const sums = byMode.get(mode) ?? new Map<string, number>();
    byMode.set(mode, sums.set(reason, (sums.get(reason) ?? 0) + n));
  }
  return [...byMode].map(([mode, sums]) => ({
    mode,
    total: [...sums.values()].reduce((sum, n) => sum + n, 0),
    reasons: [...new Set([...CAUSE_COLOUR.keys(), ...sums.keys()])].flatMap((reason) => {
      const n = sums.get(reason);
      return n === undefined ? [] : [{ reason, exits: n }];
    }),
  }));
}

/** The rows from the top: each mode, then its reasons. */
function rowsOf(panel: Panel) {
  const rows = modesOf(panel).flatMap(({ mode, total, reasons }) => [
    { mode, reason: "", label: `=${vmLabel(mode)} ${formatCount(total)}`, colour: undefined },
    ...reasons.map(({ reason, exits: n }) => ({
      mode,
      reason,
      label: `:${vmLabel(causeWords(reason))} ${formatCount(n)}`,
      colour: CAUSE_COLOUR.get(reason) ?? GREY,
    })),
  ]);
  return rows.map(({ label, ...row }, i) => ({ ...row, key: `${i}${label}` }));
}
