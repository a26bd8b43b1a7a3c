import type { PayloadTime } from "../page-payload.ts";
import type { Interval } from "./blocks.ts";
import { leftOf, plotOf, type DrawnPanel } from "./charts.ts";

/** On a chart over time all but the interval is veiled; nothing where none is selected. */
export function showInterval(drawn: DrawnPanel, interval: Interval | undefined, time: PayloadTime): void {
  if (!drawn.isOverTime) return;
  const [veil, band] = veilOf(drawn.box);
  veil.hidden = interval === undefined;
  if (interval === undefined) return;
  const { left, top, width, height } = plotOf(drawn);
  place(veil, left, top, width, height);
  const from = leftOf(drawn, interval.fromNs, time);
  const to = leftOf(drawn, interval.toNs, time);
  place(band, from - left, 0, Math.max(1, to - from), height);
}

function veilOf(box: HTMLElement): readonly [HTMLElement, HTMLElement] {
  const found = box.querySelector<HTMLElement>(".veil");
  const band = found?.firstElementChild;
  if (found !== null && band instanceof HTMLElement) return [found, band];
  const [veil, inner] = [document.createElement("div"), document.createElement("div")];
  veil.className = "veil";
  inner.className = "band";
  veil.append(inner);
  box.append(veil);
  return [veil, inner];
}

function place({ style }: HTMLElement, left: number, top: number, width: number, height: number): void {
  Object.assign(style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
