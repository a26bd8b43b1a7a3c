import { roundTime } from "@tidemark/data";
import type { Layer, X } from "./layers.ts";
import type { Panel } from "./panel.ts";
import { inTimeUnit } from "./time-unit.ts";

/** Markers drawn at most per panel. */
const MARKERS_MAX = 40;
/** Labels closer than this share of the axis are joined. */
const LABEL_SHARE = 1 / 20;

/** The x encoding of every chart over time: the run's whole span, in the run's unit. */
export const timeX = (panel: Panel, field = "t"): X => ({
  field,
  type: "quantitative",
  scale: { domain: timeSpan(panel), nice: false, zero: false },
  axis: { title: `time (${panel.time.name})` },
});

const timeSpan = ({ manifest, time }: Panel): [number, number] => [inTimeUnit(manifest.originNs, time), inTimeUnit(manifest.endNs, time)];

/** Rules for the workload's markers (dotted, with their id above the plot) and for the explained instants (solid, with their time). */
export function timeMarks(panel: Panel): Layer[] {
  const { manifest, vm, time, instants } = panel;
  const markers = manifest.markers.filter(
    (marker) => marker.vm === vm && marker.timeNs >= manifest.originNs && marker.timeNs <= manifest.endNs,
  );
  const drawn = markers.slice(0, MARKERS_MAX).map(({ timeNs, id }) => ({ t: inTimeUnit(timeNs, time), label: String(id) }));
  const [from, to] = timeSpan(panel);
  const span = to - from;
  const asked = [...new Set(instants.map(({ counters }) => counters.time))].map((ns) => ({
    t: inTimeUnit(ns, time),
    label: `explained: ${roundTime(ns)}`,
  }));
  const x = timeX(panel);
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
    {
      data: { name: "marker-labels", values: joinedLabels(drawn, span * LABEL_SHARE) },
      mark: { type: "text", y: -6, fontSize: 10, color: { expr: "quiet" } },
      encoding: { x, text: { field: "label", type: "nominal" } },
    },
    {
      data: { name: "instants", values: asked },
      mark: { type: "rule", strokeDash: [6, 3], color: { expr: "ink" }, aria: false },
      encoding: { x },
    },
    {
      data: { name: "instant-labels", values: asked.map((each) => ({ ...each, side: each.t - from > span / 2 ? "right" : "left" })) },
      mark: { type: "text", y: -20, fontSize: 11, fontWeight: 600, align: { expr: "datum.side" } },
      encoding: { x, text: { field: "label", type: "nominal" } },
    },
  ];
}

/** Labels that would overlap become one: `20, 21`, `20 … 23`. */
function joinedLabels(labels: readonly { readonly t: number; readonly label: string }[], near: number) {
  const joined: { t: number; label: string; ids: string[] }[] = [];
  for (const { t, label } of labels) {
    const last = joined.at(-1);
    if (last === undefined || t - last.t > near) joined.push({ t, label, ids: [label] });
    else last.ids.push(label);
  }
  return joined.map(({ t, ids }) => ({ t, label: ids.length < 3 ? ids.join(", ") : `${ids[0]} … ${ids.at(-1)}` }));
}
