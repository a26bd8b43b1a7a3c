import type { RunManifest } from "@tidemark/data/shapes";
import type { Layer, X } from "./layers.ts";
import type { Panel } from "./panel.ts";
import { formatInUnit, inTimeUnit } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** Markers drawn at most per panel. */
const MARKERS_MAX = 40;
/** Letters of a VM's name beside its marker, at most. */
const NAME_MAX = 16;
/** A plot this wide has room for the labels of a wide chart; in px. */
const WIDE = 460;
const NARROW = 260;
/** Width of a label's character and of the room between labels, in px. */
const CHARACTER = 6;

/** The x encoding of every chart over time: the run's whole span, in the run's unit. */
export const timeX = (panel: Panel, field = "t"): X => ({
  field,
  type: "quantitative",
  scale: { domain: timeSpan(panel), nice: false, zero: false },
  axis: { title: `time (${panel.time.name})` },
});

/** First and last instant of the axis, which is never empty. */
function timeSpan({ manifest, time }: Panel): [number, number] {
  const from = inTimeUnit(manifest.originNs, time);
  const to = inTimeUnit(manifest.endNs, time);
  return [from, to > from ? to : from + 1];
}

/** What the dotted rules of a run with markers are, and a space; "" in one without. */
export const markerWords = ({ markers }: RunManifest): string =>
  markers.length === 0
    ? ""
    : "Dotted rules are the workload's own markers, for which the trace has numbers and not names; a number without room is left out, the table of markers has all. ";

/** Rules for the workload's markers (dotted, with their id above the plot where it fits) and for the explained instants (solid, with their time). */
export function timeMarks(panel: Panel): Layer[] {
  const { manifest, time, instants } = panel;
  const markers = panel.markers
    .filter(({ timeNs }) => timeNs >= manifest.originNs && timeNs <= manifest.endNs)
    .sort((a, b) => a.timeNs - b.timeNs);
  const isOfSeveral = new Set(markers.map(({ vm }) => vm)).size > 1;
  const drawn = markers
    .slice(0, MARKERS_MAX)
    .map(({ timeNs, vm, id }) => ({ t: inTimeUnit(timeNs, time), label: isOfSeveral ? `${vmLabel(vm, NAME_MAX)} ${id}` : String(id) }));
  const [from, to] = timeSpan(panel);
  const span = to - from;
  const askedNs = [...new Set(instants.map(({ timeNs }) => timeNs))].sort((a, b) => a - b);
  const word = askedNs.length === 1 ? "explained: " : "";
  const asked = askedNs.map((ns) => ({ t: inTimeUnit(ns, time), label: `${word}${formatInUnit(ns, time)}` }));
  const x = timeX(panel);
  const placed = (label: Label) => ({ ...label, align: alignAt((label.t - from) / span) });
  const labelLayers = (name: string, labels: readonly Label[], fit: Fit, text: object): Layer[] =>
    [true, false].map((wide) => ({
      data: { name: `${name}-${wide ? "wide" : "narrow"}`, values: fit(labels, (wide ? WIDE : NARROW) / span).map(placed) },
      mark: {
        type: "text",
        align: { expr: "datum.align" },
        opacity: { expr: `width ${wide ? ">=" : "<"} ${WIDE} ? 1 : 0` },
        aria: false,
        ...text,
      },
      encoding: { x, text: { field: "label", type: "nominal" } },
    }));
  return [
    {
      data: { name: "markers", values: drawn },
      mark: { type: "rule", color: { expr: "paper" }, opacity: 0.5, aria: false },
      encoding: { x },
    },
    {
      data: { name: "markers", values: drawn },
      mark: { type: "rule", strokeDash: [1, 3], color: { expr: "ink" }, aria: false },
      encoding: { x },
    },
    ...labelLayers("marker-labels", drawn, fittingLabels, { y: -6, fontSize: 10, color: { expr: "quiet" } }),
    {
      data: { name: "instants", values: asked },
      mark: { type: "rule", strokeDash: [6, 3], color: { expr: "ink" }, aria: false },
      encoding: { x },
    },
    ...labelLayers("instant-labels", asked, joinedLabels, { y: -20, fontSize: 11, fontWeight: 600 }),
  ];
}

/** Labels near an end of the axis stay inside it. */
const alignAt = (share: number): "left" | "center" | "right" => (share < 0.05 ? "left" : share > 0.95 ? "right" : "center");

interface Label {
  readonly t: number;
  readonly label: string;
}

/** Labels for an axis, of which none overlap. `pixels` per unit of time. */
type Fit = (labels: readonly Label[], pixels: number) => Label[];

const width = (text: string): number => CHARACTER * text.length;

/** Labels that would overlap the one before them are left out. */
function fittingLabels(labels: readonly Label[], pixels: number): Label[] {
  const fitting: Label[] = [];
  for (const label of labels) {
    const last = fitting.at(-1);
    if (last === undefined || (label.t - last.t) * pixels >= (width(last.label) + width(label.label)) / 2 + 8) fitting.push(label);
  }
  return fitting;
}

/** Labels that would overlap become one: `20, 21`, `20 … 23`; of equal ones there is one. */
function joinedLabels(labels: readonly Label[], pixels: number): Label[] {
  const joined: { t: number; parts: string[] }[] = [];
  const textOf = (parts: readonly string[]): string => (parts.length < 3 ? parts.join(", ") : `${parts[0]} … ${parts.at(-1)}`);
  for (const { t, label } of labels) {
    const last = joined.at(-1);
    const near = last !== undefined && (t - last.t) * pixels < (width(textOf(last.parts)) + width(label)) / 2 + 8;
    if (near && label === last.parts.at(-1)) continue;
    if (near) last.parts.push(label);
    else joined.push({ t, parts: [label] });
  }
  return joined.map(({ t, parts }) => ({ t, label: textOf(parts) }));
}
