import { rowsAt, type NumbersRow, type Place } from "../chart-numbers.ts";
import type { PayloadTime } from "../page-payload.ts";
import { toldLines } from "../told-lines.ts";
import { measuredOn, plotOf, type DrawnPanel } from "./charts.ts";

const box = document.createElement("div");
box.className = "tip";
box.hidden = true;
box.setAttribute("aria-hidden", "true");

/** Exact numbers beside the pointer: of what has them written on it, and of charts with axes those of the nearest rows. */
export function offerTips(panels: ReadonlyMap<Element, DrawnPanel>, time: PayloadTime): void {
  document.body.append(box);
  document.addEventListener("pointermove", (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const lines = target === undefined ? [] : (tipOf(target) ?? chartTip(target, event, panels, time));
    tell(lines, event.clientX, event.clientY);
  });
  document.addEventListener("pointerleave", () => tell([], 0, 0));
  document.addEventListener("scroll", hideWhereMoved, { passive: true });
}

/** Where the page was scrolled to when lines were shown last. */
let shownAt = [0, 0];

/** The event of a scroll comes a frame late: one from before the lines were shown, to a chart that was given the focus, leaves them. */
function hideWhereMoved(): void {
  if (scrollX !== shownAt[0] || scrollY !== shownAt[1]) tell([], 0, 0);
}

/** Shows lines at a place of the viewport, px; nothing where there are none. */
export function tell(lines: readonly string[], x: number, y: number): void {
  box.hidden = lines.length === 0;
  if (box.hidden) return;
  shownAt = [scrollX, scrollY];
  box.replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement("div");
      row.textContent = line;
      return row;
    }),
  );
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = x + 16 + width > clientWidth ? x - width - 12 : x + 16;
  box.style.left = `${Math.max(4, Math.min(left, clientWidth - width - 4))}px`;
  box.style.top = `${Math.max(4, Math.min(y + 16, clientHeight - height - 4))}px`;
}

/** What is written on an element, or is the tooltip of the mark that it draws. */
function tipOf(target: Element): readonly string[] | undefined {
  const written = target.closest<HTMLElement>("[data-tip]")?.dataset["tip"];
  if (written !== undefined) return [written];
  // Vega hangs its item on what it draws. A line or an area is one element for all of its points: it has none of its own.
  const { tooltip, mark } = Object(Reflect.get(target, "__data__"));
  const isOfMany = ["line", "area"].includes(Object(mark).marktype);
  return typeof tooltip === "string" && !isOfMany ? tooltip.split("\n") : undefined;
}

function chartTip(
  target: Element,
  { clientX, clientY }: PointerEvent,
  panels: ReadonlyMap<Element, DrawnPanel>,
  time: PayloadTime,
): readonly string[] {
  const drawn = panels.get(target.closest(".chart") ?? target);
  for (const other of panels.values()) if (other !== drawn) showCursor(other, undefined);
  if (drawn === undefined) return [];
  const { left, top } = drawn.box.getBoundingClientRect();
  const plot = plotOf(drawn);
  const [x, y] = [clientX - left - plot.left, clientY - top - plot.top];
  const isInside = x >= 0 && x <= plot.width;
  const rows = isInside ? rowsUnder(drawn, x, y) : [];
  showCursor(drawn, rows[0]);
  return linesOf(drawn, rows, time);
}

/** A chart's rows nearest to a place in its plot, px; by x alone where y is undefined. */
export function rowsUnder(drawn: DrawnPanel, x: number, y: number | undefined): readonly NumbersRow[] {
  const { chart, rows, under } = drawn;
  if (chart.numbers === null || under === undefined) return [];
  const places: readonly Place[] = [
    { ...under.x, at: x, measured: measuredOn(drawn, "x") },
    ...(under.y === undefined || y === undefined ? [] : [{ ...under.y, at: y, measured: measuredOn(drawn, "y") }]),
  ];
  return rowsAt(chart.numbers, rows, places);
}

/** Rows at one place in words. */
export function linesOf({ chart: { numbers, words, names }, panel, under }: DrawnPanel, rows: readonly NumbersRow[], time: PayloadTime) {
  return numbers === null || under === undefined ? [] : toldLines({ numbers, words, names }, panel.of, under, rows, time.windowNs);
}

/** A line where a row is along x; none where it is undefined. */
export function showCursor(drawn: DrawnPanel, row: NumbersRow | undefined): void {
  const { box, under } = drawn;
  let line = box.querySelector<HTMLElement>(".cursor");
  if (line === null && row === undefined) return;
  if (line === null) {
    line = document.createElement("div");
    line.className = "cursor";
    box.append(line);
  }
  line.hidden = row === undefined || under === undefined;
  if (row === undefined || under === undefined) return;
  const { column, end = column } = under.x;
  const measured = measuredOn(drawn, "x");
  const middle = (measured(Number(row[column])) + measured(Number(row[end]))) / 2;
  const { left, top, height } = plotOf(drawn);
  Object.assign(line.style, { left: `${left + middle}px`, top: `${top}px`, height: `${height}px` });
}
