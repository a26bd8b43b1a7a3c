import type { Data, Spec, View } from "vega";
import type { PayloadChart, PayloadPanel, PayloadTime } from "../page-payload.ts";
import type { Under } from "../layers.ts";
import { panelRows } from "../chart-numbers.ts";
import { unpackedRows } from "../packed-rows.ts";
import { isNarrowed } from "../plot-width.ts";
import { isDark, plotWidth } from "./surroundings.ts";
import { hasTimeAxis, zoomable } from "./zoom.ts";

/** Vega's own browser build, which the page brings. */
declare const vega: typeof import("vega");

/** A chart as it stands on the page. */
export interface DrawnPanel {
  readonly box: HTMLElement;
  readonly chart: PayloadChart;
  readonly panel: PayloadPanel;
  view: View;
  /** Whether its x axis is the time of the run. */
  readonly isOverTime: boolean;
  /** Where its numbers lie on its axes; undefined where they do not. */
  readonly under: Under | undefined;
  /** Which rows of the chart's numbers are its own. */
  readonly rows: readonly number[];
}

export async function drawPanel(box: HTMLElement, chart: PayloadChart, panel: PayloadPanel, time: PayloadTime): Promise<DrawnPanel> {
  const isOverTime = hasTimeAxis(panel.vega, time);
  const view = await drawIn(box, panel, isOverTime ? zoomable(panel.vega, time) : panel.vega, panel.rows);
  const under = panel.under ?? (isOverTime ? { x: { column: "time", unit: time.unit.ns } } : undefined);
  const rows = chart.numbers === null || under === undefined ? [] : panelRows(chart.numbers, panel.of);
  return { box, chart, panel, view, isOverTime, under, rows };
}

/** Draws a spec in a chart's box, in place of what it shows. */
export async function drawIn(
  box: HTMLElement,
  { label }: PayloadPanel,
  spec: PayloadPanel["vega"],
  rows: PayloadPanel["rows"],
): Promise<View> {
  const data = spec.data.map((set) =>
    set.name in rows ? { ...set, values: unpackedRows(rows[set.name] ?? { rows: [] }) } : set,
  ) as Data[]; // as the page was written
  // Vega names and describes the element it draws in; ours stays the image with its sentence.
  const inner = document.createElement("div");
  inner.setAttribute("aria-hidden", "true");
  box.querySelector(":scope > [aria-hidden]")?.remove();
  box.prepend(inner);
  const whole: Spec = { ...spec, data, padding: { left: 0, top: 4, right: 4, bottom: 4 } };
  const view = new vega.View(vega.parse(whole), { renderer: "svg", container: inner, hover: false });
  // The page has tips of its own (tips.ts).
  view.tooltip(() => undefined);
  const room = plotWidth();
  await view.signal("dark", isDark()).width(room).runAsync();
  if (isNarrowed(view, room)) await view.resize().runAsync();
  box.setAttribute("data-drawn", label);
  return view;
}

/** After a change of theme or width. */
export function redraw(drawn: Iterable<DrawnPanel>): void {
  const room = plotWidth();
  for (const { view } of drawn) {
    view.signal("dark", isDark()).width(room).run();
    if (isNarrowed(view, room)) view.resize().run();
  }
}

/** Where the plot is in a chart's box, px. */
export function plotOf({ view }: DrawnPanel) {
  const [x = 0, y = 0] = view.origin();
  const padding = view.padding();
  const { left = 0, top = 0 } = typeof padding === "object" && !("signal" in padding) ? padding : {};
  return { left: x + left, top: y + top, width: view.width(), height: view.height() };
}

/** How values of the column that lies along an axis are measured there, px of the plot. */
export function measuredOn({ view, under }: DrawnPanel, axis: "x" | "y"): (value: number) => number {
  const scale = view.scale(axis);
  const unit = under?.[axis]?.unit ?? 1;
  return (value) => scale(value / unit);
}

/** Where a time is in a chart's box, px from its left; and back. */
export const leftOf = (drawn: DrawnPanel, ns: number, { unit }: PayloadTime): number =>
  plotOf(drawn).left + drawn.view.scale("x")(ns / unit.ns);
export const timeAt = (drawn: DrawnPanel, left: number, { unit }: PayloadTime): number =>
  drawn.view.scale("x").invert(left - plotOf(drawn).left) * unit.ns;
