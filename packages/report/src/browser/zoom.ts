import type { PayloadPanel, PayloadTime } from "../page-payload.ts";
import type { Interval } from "./blocks.ts";
import type { DrawnPanel } from "./charts.ts";

/** What a zoomed plot leaves out beside it; a whole one has labels there. */
const INSIDE = "span[0] === whole[0] && span[1] === whole[1] ? 1000 : 0";
const CLIP = "'M' + -beside + ',-100H' + (width + beside) + 'V' + (height + 100) + 'H' + -beside + 'Z'";

/** First and last instant of the run, on the axes of time. */
const wholeSpan = ({ originNs, endNs, unit }: PayloadTime): readonly number[] =>
  [originNs, endNs].map((ns) => Math.round((ns / unit.ns) * 1e6) / 1e6);

/** Whether the x axis of a spec is the time of the run. */
export function hasTimeAxis({ scales = [] }: PayloadPanel["vega"], time: PayloadTime): boolean {
  const domain = scales.find(({ name }) => name === "x")?.domain;
  return Array.isArray(domain) && String(domain) === String(wholeSpan(time));
}

/** A spec over time whose axis follows a signal, `span`. */
export function zoomable(spec: PayloadPanel["vega"], time: PayloadTime): PayloadPanel["vega"] {
  const whole = [...wholeSpan(time)];
  const { scales = [], marks = [], signals = [] } = spec;
  const isAlongX = (mark: object): boolean => JSON.stringify(mark).includes('"scale":"x"');
  return {
    ...spec,
    signals: [...signals, { name: "whole", value: whole }, { name: "span", value: whole }, { name: "beside", update: INSIDE }],
    scales: scales.map((scale) => (scale.name === "x" ? { ...scale, domain: { signal: "span" } } : scale)),
    marks: marks.map((mark) => (mark.clip === undefined && isAlongX(mark) ? { ...mark, clip: { path: { signal: CLIP } } } : mark)),
  };
}

/** Shows an interval on the whole width of a chart over time; undefined: the run. */
export function zoom({ view, isOverTime }: DrawnPanel, interval: Interval | undefined, time: PayloadTime): void {
  if (!isOverTime) return;
  const span = interval === undefined ? wholeSpan(time) : [interval.fromNs, interval.toNs].map((ns) => ns / time.unit.ns);
  view.signal("span", span).run();
}

/** The button that zooms to what is selected, and back. */
export interface ZoomButton {
  /** Follows a selection; a zoom that it leaves is undone. */
  follow(selected: Interval | undefined): void;
}

/** `show` is told of what charts over time are to show. */
export function zoomButton(show: (interval: Interval | undefined) => void): ZoomButton {
  const button = document.querySelector<HTMLButtonElement>("[data-zoom]");
  let selected: Interval | undefined;
  let shown: Interval | undefined;
  const isShown = (): boolean => selected === undefined || (selected.fromNs === shown?.fromNs && selected.toNs === shown.toNs);
  const label = (): void => {
    if (button === null) return;
    button.textContent = shown !== undefined && isShown() ? "Zoom out" : "Zoom in";
    button.disabled = selected === undefined || (!isShown() && selected.fromNs === selected.toNs);
  };
  const change = (interval: Interval | undefined): void => {
    shown = interval;
    show(interval);
  };
  button?.addEventListener("click", () => {
    change(isShown() ? undefined : selected);
    label();
  });
  return {
    follow(interval) {
      selected = interval;
      const isInside = shown !== undefined && interval !== undefined && interval.fromNs >= shown.fromNs && interval.toNs <= shown.toNs;
      if (shown !== undefined && !isInside) change(undefined);
      label();
    },
  };
}
