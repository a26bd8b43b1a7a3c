import { formatPages } from "@tidemark/data/shapes";
import { STACK_ORDER } from "./class-words.ts";
import { exactMemory } from "./exact-memory.ts";
import { HOST_COUNTERS, usedCounters, type CounterWords } from "./explained-counters.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { joined } from "./joined.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { paint } from "./paint.ts";
import { vmLabel } from "./vm-label.ts";

/** Widths it is drawn in; the page shows the one that fits. In px. */
const WIDTHS = [800, 540, 340] as const;
/** Height of the bar, and of a row of labels. */
const BAR = 18,
  ROW = 21;
/** Estimated width of a character of a label. */
const CHARACTER = 7.5;

/** Everything about a VM's memory on one line from 0 to its size: above it what the host gives, below what is used, the resident classes on it. */
export function numberLine(instant: LedgerInstant): Html {
  const marks = { above: marksOf(HOST_COUNTERS, instant), below: marksOf(usedCounters(instant), instant) };
  const most = Math.max(1, ...[...marks.above, ...marks.below].map(({ pages }) => pages));
  const told = joined([...marks.above, ...marks.below].map(({ name, pages }) => `${name} ${formatPages(pages)}`));
  return html`<div class="line" role="img" aria-label="${vmLabel(instant.vm)} on a line from 0 to ${formatPages(most)}: ${told}.">
    ${WIDTHS.map((width) => drawnLine(instant, marks.above, marks.below, most, width))}
  </div>`;
}

interface Mark {
  readonly name: string;
  readonly pages: number;
}

/** Letters of a label that stands for two counters, at most. */
const NAME_MAX = 24;

/** The known ones; two equal ones as one, if their names are short. */
function marksOf(counters: readonly CounterWords[], instant: LedgerInstant): readonly Mark[] {
  const marks: Mark[] = [];
  for (const { counter, short } of counters) {
    const pages = instant.counters[counter];
    const same = marks.findIndex((mark) => mark.pages === pages && `${mark.name} and ${short}`.length <= NAME_MAX);
    if (same >= 0) marks[same] = { name: `${marks[same]?.name ?? ""} and ${short}`, pages };
    else if (!Number.isNaN(pages)) marks.push({ name: short, pages });
  }
  return marks;
}

function drawnLine(instant: LedgerInstant, above: readonly Mark[], below: readonly Mark[], most: number, width: number): Html {
  const x = (pages: number): number => round(1 + (pages / most) * (width - 2));
  const [up, down] = [placed(above, x, width), placed(below, x, width)];
  const top = 1 + ROW * (1 + Math.max(-1, ...up.map(({ level }) => level)));
  const height = top + BAR + 1 + ROW * (1 + Math.max(-1, ...down.map(({ level }) => level)));
  const label = ({ mark, at, level, side, from }: Place, isAbove: boolean): Html => {
    const y = isAbove ? top - ROW * level - 7 : top + BAR + ROW * level + 16;
    const isOver = side === "over";
    // A tick beside its label reaches its whole height, one under or over it its edge.
    const [start, end] = isAbove ? [y + (isOver ? 3 : -10), top + BAR] : [top, y + (isOver ? -11 : 3)];
    const x = side === "right" ? at + 5 : side === "left" ? at - 5 : from + 4;
    return html`<path class="tick" d="M${at},${start}V${end}" /><text
        x="${round(x)}"
        y="${y}"
        text-anchor="${side === "left" ? "end" : "start"}"
        data-tip="${mark.name}: ${exactMemory(mark.pages)}"
      >
        ${mark.name} <tspan class="size">${formatPages(mark.pages)}</tspan>
      </text>`;
  };
  return html`<svg class="w${width}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">
    <rect class="rail" x="0.5" y="${top + 0.5}" width="${width - 1}" height="${BAR - 1}" />
    ${segments(instant, x, top)}${up.map((place) => label(place, true))}${down.map((place) => label(place, false))}
  </svg>`;
}

/** The resident classes, the most used first; together they are granted. */
function segments({ ledger }: LedgerInstant, x: (pages: number) => number, top: number): Html {
  let from = 0;
  const drawn = STACK_ORDER.map((cls) => {
    const row = ledger.find((each) => each.class === cls);
    if (row === undefined || row.pages <= 0) return NOTHING;
    const start = from;
    from += row.pages;
    return html`<rect
      x="${x(start)}"
      y="${top}"
      width="${round(x(from) - x(start))}"
      height="${BAR}"
      style="fill:${paint(cls)}"
      data-tip="${row.words}: ${exactMemory(row.pages)}"
    />`;
  });
  return html`${drawn}`;
}

/** What the colours of number lines mean: those of classes that any of the instants has. */
export function lineLegend(instants: readonly LedgerInstant[]): Html {
  const rows = STACK_ORDER.flatMap((cls) =>
    instants.flatMap(({ ledger }) => ledger.filter((row) => row.class === cls && row.pages > 0)).slice(0, 1),
  );
  return html`<ul class="legend">
    ${rows.map(({ class: cls, words }) => html`<li><span class="swatch" style="background:${paint(cls)}"></span>${words}</li> `)}
  </ul>`;
}

interface Place {
  readonly mark: Mark;
  readonly at: number;
  readonly level: number;
  /** Of the mark that the label is on; over it where neither side has room. */
  readonly side: "right" | "left" | "over";
  readonly from: number;
  readonly to: number;
}

/** Where labels go so that none lies on another or on another's tick, as near to the line as can be: every way is tried, of three labels. */
function placed(marks: readonly Mark[], x: (pages: number) => number, width: number): readonly Place[] {
  let ways: readonly (readonly Place[])[] = [[]];
  for (const mark of marks) ways = ways.flatMap((way) => waysOf(mark, x(mark.pages), width, marks.length).map((place) => [...way, place]));
  const costs = ways.map((way) => costOf(way, width));
  return ways[costs.indexOf(Math.min(...costs))] ?? [];
}

function waysOf(mark: Mark, at: number, width: number, levels: number): readonly Place[] {
  const size = CHARACTER * (mark.name.length + 1 + formatPages(mark.pages).length) + 8;
  const over = Math.max(0, Math.min(at - size / 2, width - size));
  return Array.from({ length: levels }, (_, level): readonly Place[] => [
    { mark, at, level, side: "right", from: at, to: at + size },
    { mark, at, level, side: "left", from: at - size, to: at },
    { mark, at, level, side: "over", from: over, to: over + size },
  ]).flat();
}

/** Levels count 1, labels over their mark 1.5, those that do not fit 100. */
function costOf(way: readonly Place[], width: number): number {
  let cost = 0;
  for (const a of way) {
    cost += a.level + (a.side === "over" ? 1.5 : 0);
    if (a.from < -1 || a.to > width + 1) cost += 100;
    for (const b of way) {
      if (a === b) continue;
      if (a.level === b.level && a.from < b.to && b.from < a.to) cost += 100;
      if (a.level > b.level && a.at > b.from && a.at < b.to) cost += 100;
    }
  }
  return cost;
}

const round = (n: number): number => Math.round(n * 10) / 10;
