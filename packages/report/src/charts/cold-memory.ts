import { agesTable, formatPages, timelineTable, type Columns, type Row } from "@tidemark/data/shapes";
import { chart } from "../chart.ts";
import { exactMemory } from "../exact-memory.ts";
import type { X, Y } from "../layers.ts";
import { inUnit, memoryUnit } from "../memory-unit.ts";
import { PLAIN_COLOUR } from "../palette.ts";
import type { Panel } from "../panel.ts";
import { lastAtOrBefore } from "../thin.ts";
import { formatDuration } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

const columns = agesTable.columns satisfies Columns;
const S = 1e9;

/** An age on the axis in its natural unit. */
const AGE_LABEL =
  "datum.value >= 3600 ? format(datum.value / 3600, '~r') + ' h' : datum.value >= 60 ? format(datum.value / 60, '~r') + ' min' : " +
  "datum.value >= 1 ? format(datum.value, '~r') + ' s' : datum.value >= 0.001 ? format(datum.value * 1e3, '~r') + ' ms' : format(datum.value * 1e6, '~r') + ' µs'";

/** How much memory has rested for how long, at the sample nearest at or before the explained instant. */
export const coldMemory = chart({
  name: "cold-memory",
  about: "resident memory not touched for at least an age, at the explained instant",
  title: "How much memory is cold, and how cold?",
  per: "instant",
  tables: [agesTable, timelineTable],
  columns,
  draw(panel) {
    const rows = agesAt(panel);
    const granted = grantedAt(panel);
    if (rows.length < 2 || !(granted > 0)) return undefined;
    const unit = memoryUnit(granted);
    const { windowNs } = panel.manifest;
    const values = rows.map(({ age, pages }, i) => ({
      age: age / S,
      younger: (rows[i - 1]?.age ?? age) / S,
      m: inUnit(pages, unit),
      tip: `not touched for at least ${formatDuration(age)}: ${exactMemory(pages)}`,
    }));
    const ages = rows.map(({ age }) => age);
    const [from, to] = [Math.min(...ages), Math.max(...ages)];
    const bounds = [1, 5, 30]
      .map((n) => n * windowNs)
      .filter((ns) => ns >= from && ns <= to)
      .map((ns) => ({ age: ns / S, label: formatDuration(ns) }));
    const x: X = {
      field: "age",
      type: "quantitative",
      scale: { type: "log", domain: [from / S, to / S], nice: false },
      axis: { title: "not touched for at least (log scale)", labelExpr: AGE_LABEL, values: ages.map((ns) => ns / S) },
    };
    const y: Y = {
      field: "m",
      type: "quantitative",
      scale: { domain: [0, inUnit(granted, unit) ?? 0] },
      axis: { title: `resident memory (${unit.name})`, titleY: -26 },
    };
    return {
      height: 240,
      layer: [
        {
          data: { name: "ages", values },
          mark: { type: "area", interpolate: "step-before", color: PLAIN_COLOUR, opacity: 0.25, aria: false },
          encoding: { x, y },
        },
        {
          data: { name: "bounds", values: bounds },
          mark: { type: "rule", strokeDash: [4, 3], color: { expr: "quiet" }, aria: false },
          encoding: { x },
        },
        {
          data: { name: "bounds", values: bounds },
          mark: { type: "text", y: -8, fontSize: 11, color: { expr: "quiet" } },
          encoding: { x, text: { field: "label", type: "nominal" } },
        },
        {
          data: { name: "ages", values },
          mark: {
            type: "line",
            interpolate: "step-before",
            color: PLAIN_COLOUR,
            strokeWidth: 2,
            point: { color: PLAIN_COLOUR, size: 36 },
            aria: false,
          },
          encoding: { x, y },
        },
        {
          // Not seen: a step's whole height has its tooltip.
          data: { name: "ages", values },
          mark: { type: "rect", color: PLAIN_COLOUR, opacity: 0, aria: false },
          encoding: { x: { ...x, field: "younger" }, x2: { field: "age" }, tooltip: { field: "tip", type: "nominal" } },
        },
      ],
    };
  },
  says(panel) {
    const colds = agesAt(panel).filter(({ age }) => [1, 5, 30].some((n) => n * panel.manifest.windowNs === age));
    const listed = colds.map(({ age, pages }) => `${formatPages(pages)} has not been touched for ${formatDuration(age)} or more`);
    return `${vmLabel(panel.vm)}: of ${formatPages(grantedAt(panel))} resident, ${listed.length === 0 ? "none is old enough to be called idle" : listed.join(", ")}.`;
  },
  caption(run) {
    const { windowNs, sampleNs } = run.manifest;
    return (
      `The height at an age is the memory that could be taken back if everything not touched for that long were taken; a dashed rule is where one of the ledger's idle classes begins, with a window of ${formatDuration(windowNs)}. ` +
      "Memory is counted at the ages with a point; between two of them there is at least as much as drawn, and at most as much as at the younger one. " +
      "The vertical axis ends at the size of all resident memory. Memory that the guest has freed is in it, and never-touched pages are at every age. " +
      `Taken at the last sample at or before the explained instant; samples are ${formatDuration(sampleNs)} apart, and an age longer than the time since the trace began is not known.`
    );
  },
  numbers: agesAt,
});

/** The ages at the last sample at or before the panel's instant. */
function agesAt(panel: Panel): Row<typeof columns>[] {
  const at = sampleOf(panel);
  return panel.rows(agesTable).filter(({ time, age }) => time === at && age > 0);
}

const sampleOf = ({ instants: [instant], rows }: Panel): number =>
  instant === undefined
    ? NaN
    : lastAtOrBefore(
        rows(timelineTable).map(({ time }) => time),
        instant.timeNs,
      );

function grantedAt(panel: Panel): number {
  const at = sampleOf(panel);
  return panel.rows(timelineTable).find(({ time }) => time === at)?.granted ?? NaN;
}
