import { numbersAt, timesOf, type ChartNumbers } from "../chart-numbers.ts";
import { LEDGER_CLASSES } from "@tidemark/data";
import { classWords } from "../class-words.ts";
import { counterWords } from "../counter-words.ts";
import { exactMemory } from "../exact-memory.ts";
import type { PayloadTime } from "../page-payload.ts";
import { formatCount } from "../memory-unit.ts";
import { formatInstant } from "../time-unit.ts";
import { leftOf, plotOf, timeAt, type DrawnPanel } from "./charts.ts";

/** Lines of a tip, at most: of charts with more numbers at one instant nothing is told. */
const LINES_MAX = 16;

const box = document.createElement("div");
box.className = "tip";
box.hidden = true;
box.setAttribute("aria-hidden", "true");

/** What the keyboard's cursor is at, for those who do not see it. */
const spoken = document.createElement("div");
spoken.className = "unseen";
spoken.setAttribute("role", "status");

/** Exact numbers beside the pointer, or the keyboard's cursor: of what has them written on it, and of charts over time at the nearest sample. */
export function offerTips(panels: ReadonlyMap<Element, DrawnPanel>, time: PayloadTime): void {
  document.body.append(box, spoken);
  document.addEventListener("pointermove", (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const lines = target === undefined ? [] : (tipOf(target) ?? chartTip(target, event.clientX, panels, time));
    tell(lines, event.clientX, event.clientY);
  });
  document.addEventListener("pointerleave", () => tell([], 0, 0));
  document.addEventListener("scroll", () => tell([], 0, 0), { passive: true });
}

/** Shows lines at a place of the viewport, px; nothing where there are none. */
function tell(lines: readonly string[], x: number, y: number): void {
  box.hidden = lines.length === 0;
  if (box.hidden) return;
  box.replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement("div");
      row.textContent = line;
      return row;
    }),
  );
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  box.style.left = `${Math.max(4, x + 16 + width > clientWidth ? x - width - 12 : x + 16)}px`;
  box.style.top = `${Math.max(4, Math.min(y + 16, clientHeight - height - 4))}px`;
}

/** What is written on an element, or is the tooltip of the mark that it draws. */
function tipOf(target: Element): readonly string[] | undefined {
  const written = target.closest<HTMLElement>("[data-tip]")?.dataset["tip"];
  if (written !== undefined) return [written];
  // Vega hangs its item on what it draws. A line or an area is one element for all of its points: it has none of its own.
  const { tooltip, mark } = Object(Reflect.get(target, "__data__"));
  const isOfMany = ["line", "area"].includes(Object(mark).marktype);
  if (tooltip === undefined || tooltip === null || isOfMany) return undefined;
  return typeof tooltip === "object" ? Object.entries(tooltip).map(([name, value]) => `${name}: ${String(value)}`) : [String(tooltip)];
}

function chartTip(target: Element, x: number, panels: ReadonlyMap<Element, DrawnPanel>, time: PayloadTime): readonly string[] {
  const drawn = panels.get(target.closest(".chart") ?? target);
  for (const other of panels.values()) if (other !== drawn) showCursor(other, undefined, time);
  if (drawn === undefined || !drawn.isOverTime) return [];
  const ns = timeAt(drawn, x - drawn.box.getBoundingClientRect().left, time);
  const found = ns < time.originNs || ns > time.endNs ? undefined : linesAt(drawn, ns, time);
  showCursor(drawn, found?.timeNs, time);
  return found?.lines ?? [];
}

/** On a chart over time the arrow keys move a cursor from sample to sample, and Enter has that instant explained. */
export function offerCursor(drawn: DrawnPanel, time: PayloadTime, select: (ns: number) => void): void {
  const { box, chart, panel } = drawn;
  const timesNs = chart.numbers === null ? [] : timesOf(chart.numbers, panel.vm);
  box.classList.add("over-time");
  if (timesNs.length === 0) return;
  box.tabIndex = 0;
  let at = -1;
  box.addEventListener("blur", () => {
    at = -1;
    showCursor(drawn, undefined, time);
    tell([], 0, 0);
  });
  box.addEventListener("keydown", (event) => {
    const { key } = event;
    const ns = timesNs[at];
    if (key === "Enter" && ns !== undefined) select(ns);
    const next = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(timesNs.length - 1, at + 1), Home: 0, End: timesNs.length - 1 }[
      key
    ];
    const nextNs = timesNs[next ?? -1];
    if (next === undefined || nextNs === undefined) return;
    // Home and End would scroll the page as well.
    event.preventDefault();
    at = next;
    const { lines } = linesAt(drawn, nextNs, time) ?? { lines: [] };
    const { left, top } = box.getBoundingClientRect();
    showCursor(drawn, nextNs, time);
    tell(lines, left + leftOf(drawn, nextNs, time), top + 40);
    spoken.textContent = lines.join("; ");
  });
}

/** A line at a sample; none where the time is undefined. */
function showCursor(drawn: DrawnPanel, ns: number | undefined, time: PayloadTime): void {
  const { box } = drawn;
  let line = box.querySelector<HTMLElement>(".cursor");
  if (line === null && ns === undefined) return;
  if (line === null) {
    line = document.createElement("div");
    line.className = "cursor";
    box.append(line);
  }
  line.hidden = ns === undefined;
  if (ns === undefined) return;
  const { top, height } = plotOf(drawn);
  Object.assign(line.style, { left: `${leftOf(drawn, ns, time)}px`, top: `${top}px`, height: `${height}px` });
}

/** What a chart over time shows at the sample nearest to a time, in words. */
function linesAt(
  { chart: { numbers }, panel }: DrawnPanel,
  ns: number,
  time: PayloadTime,
): { readonly lines: readonly string[]; readonly timeNs: number } | undefined {
  const found = numbers === null ? undefined : numbersAt(numbers, panel.vm, ns);
  if (numbers === null || found === undefined) return undefined;
  const told = found.rows.flatMap((row) => rowLines(row, numbers, time));
  return { lines: told.length > LINES_MAX ? [] : [formatInstant(found.timeNs), ...told], timeNs: found.timeNs };
}

/** Columns of estimates: a part of a page is not in what was sampled. */
const ESTIMATED: ReadonlySet<string> = new Set(["activeReported", "reported", "low", "high"]);

/** A row in words: its texts, then its numbers, each with its name where there are several. */
function rowLines(
  row: { readonly [name: string]: string | number | null },
  { columns }: ChartNumbers,
  { windowNs }: PayloadTime,
): string[] {
  const listed = Object.entries(columns).filter(([name]) => name !== "time" && name !== "vm" && name !== "from");
  const texts = listed.filter(([, { type }]) => type === "text").map(([name]) => wordsOf(String(row[name] ?? ""), windowNs));
  const numbers = listed.filter(([name, { type }]) => type !== "text" && row[name] !== null);
  // A row of one number that is 0 says nothing.
  if (texts.length > 0 && numbers.length === 1 && numbers.every(([name]) => row[name] === 0)) return [];
  return numbers.map(([name, { unit, type }]) => {
    const value = Number(row[name]);
    const pages = ESTIMATED.has(name) ? Math.round(value) : value;
    const said = type === "time" ? formatInstant(value) : unit === "pages" ? exactMemory(pages) : `${formatCount(value)} ${unit}`.trim();
    const label = [...texts, ...(numbers.length > 1 || texts.length === 0 ? [counterWords(name)] : [])].join(", ");
    return `${label}: ${said}`;
  });
}

/** A ledger class in words, other names as they are. */
const wordsOf = (name: string, windowNs: number): string => {
  const cls = LEDGER_CLASSES.find((each) => each === name);
  return cls === undefined ? name : classWords(cls, windowNs);
};
