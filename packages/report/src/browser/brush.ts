import { STACK_ORDER } from "../class-words.ts";
import type { PayloadTime } from "../page-payload.ts";
import { paint } from "../paint.ts";
import { samplesWithin, type VmSamples } from "../sampled-instant.ts";
import { formatOnAxis } from "../time-unit.ts";
import type { Interval } from "./blocks.ts";

/** The overview's own coordinates; it is stretched to its box. */
const WIDTH = 1_000,
  HEIGHT = 100;
const SVG = "http://www.w3.org/2000/svg";

/** The timeline on which an interval is selected: by pointer, by two sliders, by jumps. */
export interface Brush {
  /** Shows what is selected, and says more of it to those who do not see it. */
  show(selected: Interval | undefined, shown: string, said: string): void;
  /** Draws the overview of these VMs together. */
  draw(samples: readonly VmSamples[]): void;
  /** The interval between the samples nearest to its ends. */
  snapped(interval: Interval): Interval;
}

/** `select` is told of every selection, undefined for none. None where the page has no timeline. */
export function brush(all: readonly VmSamples[], time: PayloadTime, select: (interval: Interval | undefined) => void): Brush | undefined {
  const box = document.querySelector<HTMLElement>(".brush");
  const overview = box?.querySelector<SVGSVGElement>(".overview");
  const status = box?.querySelector(".brush-said");
  const [from, to] = box?.querySelectorAll<HTMLInputElement>("[data-end]") ?? [];
  if (box === null || overview == null || status == null || from === undefined || to === undefined) return undefined;
  const timesNs = [...new Set(all.flatMap((samples) => samples.timesNs))].sort((a, b) => a - b);
  const last = timesNs.length - 1;
  const nearest = (ns: number): number => timesNs.reduce((best, each) => (Math.abs(each - ns) < Math.abs(best - ns) ? each : best));
  const snapped = ({ fromNs, toNs }: Interval): Interval => ({ fromNs: nearest(fromNs), toNs: nearest(toNs) });
  const placeOf = (ns: number): number => timesNs.indexOf(nearest(ns));
  const spanNs = time.endNs - time.originNs || 1;
  const left = (ns: number): number => ((ns - time.originNs) / spanNs) * WIDTH;

  box.hidden = false;
  for (const slider of [from, to]) {
    slider.max = String(last);
    slider.addEventListener("input", () => {
      const [a, b] = [Number(from.value), Number(to.value)];
      if (a > b) (slider === from ? to : from).value = slider.value;
      select({ fromNs: timesNs[Number(from.value)] ?? NaN, toNs: timesNs[Number(to.value)] ?? NaN });
    });
  }
  dragging(overview, (a, b) => {
    const { left: start, width } = overview.getBoundingClientRect();
    const ns = (x: number): number => time.originNs + ((x - start) / width) * spanNs;
    select(snapped({ fromNs: ns(a), toNs: ns(b) }));
  });

  let drawn: readonly VmSamples[] = all;
  for (const button of box.querySelectorAll<HTMLElement>("[data-jump]")) {
    const jump = button.dataset["jump"] ?? "";
    if (jump === "state") button.hidden = time.stateChangeNs === null;
    button.addEventListener("click", () => {
      const ns = jumpOf(jump, drawn, timesNs, time);
      select(ns === undefined ? undefined : { fromNs: ns, toNs: ns });
    });
  }

  const unseen = document.createElement("span");
  unseen.className = "unseen";
  const band = document.createElementNS(SVG, "path");
  band.setAttribute("class", "selected");
  return {
    snapped,
    show(selected, shown, said) {
      const { fromNs, toNs } = selected ?? { fromNs: timesNs[0] ?? NaN, toNs: timesNs[last] ?? NaN };
      from.value = String(placeOf(fromNs));
      to.value = String(placeOf(toNs));
      for (const [slider, ns] of [
        [from, fromNs],
        [to, toNs],
      ] as const) {
        const text = selected && formatOnAxis(ns, time.unit);
        slider.setAttribute("aria-valuetext", text ?? "no interval selected");
        const value = slider.parentElement?.querySelector("output");
        if (value) value.textContent = text ?? "–";
      }
      const [a, b] = [left(fromNs), Math.max(left(toNs), left(fromNs) + 2)];
      // All but the selection.
      band.setAttribute("d", `M0,0H${a}V${HEIGHT}H0ZM${b},0H${WIDTH}V${HEIGHT}H${b}Z`);
      band.classList.toggle("none", selected === undefined);
      const reset = box.querySelector<HTMLButtonElement>('[data-jump=""]');
      if (reset !== null) reset.disabled = selected === undefined;
      status.replaceChildren(shown, unseen);
      unseen.textContent = said;
    },
    draw(samples) {
      drawn = samples;
      overview.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
      overview.replaceChildren(...stack(samples, timesNs, left), band);
    },
  };
}

/** Calls back with both ends, px of the viewport, while a pointer is dragged over an element; a click has equal ends. */
export function dragging(element: Element, moved: (from: number, to: number) => void): void {
  let start: number | undefined;
  const to = (x: number): void => moved(Math.min(start ?? x, x), Math.max(start ?? x, x));
  element.addEventListener("pointerdown", (event) => {
    if (!(event instanceof PointerEvent) || event.button !== 0) return;
    start = event.clientX;
    element.setPointerCapture(event.pointerId);
    to(event.clientX);
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (event instanceof PointerEvent && start !== undefined) to(event.clientX);
  });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (start = undefined));
}

/** Where a jump leads: the first sample of the most, of all VMs drawn together; undefined for none. */
function jumpOf(jump: string, drawn: readonly VmSamples[], timesNs: readonly number[], time: PayloadTime): number | undefined {
  if (jump === "state") return timesNs.find((ns) => ns >= (time.stateChangeNs ?? Infinity));
  if (jump === "") return undefined;
  const sum = (ns: number): number =>
    drawn.reduce((total, { timesNs: own, counters: { consumed, active } }) => {
      const [, i] = samplesWithin(own, ns, ns);
      return total + (consumed[i] ?? 0) - (jump === "gap" ? (active[i] ?? 0) : 0);
    }, 0);
  return timesNs.reduce((most, ns) => (sum(ns) > sum(most) ? ns : most));
}

/** The resident classes over time, stacked, as in the chart of the gap. */
function stack(samples: readonly VmSamples[], timesNs: readonly number[], left: (ns: number) => number): readonly SVGElement[] {
  const sums = timesNs.map(() => 0);
  const most = Math.max(1, ...timesNs.map((ns) => total(samples, ns, ({ counters }) => counters.granted)));
  return STACK_ORDER.map((cls) => {
    const below = sums.map((pages, i) => [left(timesNs[i] ?? NaN), HEIGHT * (1 - pages / most)]);
    timesNs.forEach((ns, i) => (sums[i] = (sums[i] ?? 0) + total(samples, ns, ({ classes }) => classes[cls]?.pages ?? [])));
    const above = sums.map((pages, i) => [left(timesNs[i] ?? NaN), HEIGHT * (1 - pages / most)]);
    const path = document.createElementNS(SVG, "path");
    path.style.fill = paint(cls);
    path.setAttribute("d", `M${[...above, ...below.toReversed()].map(([x = 0, y = 0]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`);
    return path;
  });
}

const total = (samples: readonly VmSamples[], ns: number, of: (samples: VmSamples) => readonly (number | null)[]): number =>
  samples.reduce((sum, each) => sum + (of(each)[samplesWithin(each.timesNs, ns, ns)[1]] ?? 0), 0);
