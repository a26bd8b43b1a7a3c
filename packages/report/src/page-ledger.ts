import { formatPages, PAGE_BYTES } from "@tidemark/data/shapes";
import { exactMemory, signed } from "./exact-memory.ts";
import { HOST_COUNTERS, usedCounters, type CounterWords } from "./explained-counters.ts";
import { html, NOTHING, type Html } from "./html.ts";
import type { ExplainedCounter, LedgerInstant } from "./ledger-instant.ts";
import type { LedgerRow } from "./ledger-rows.ts";
import { formatCount, formatShare } from "./memory-unit.ts";
import { rowId } from "./page-figures.ts";
import { paint } from "./paint.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** An instant on the page, and the interval that it ends, where one is selected. */
export interface Shown {
  readonly instant: LedgerInstant;
  readonly windowNs: number;
  /** Where its rows are on the page. */
  readonly place: string;
  readonly since: Since | undefined;
}

interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/** The beginning of a selected interval, and the bounds of every counter within it. */
export interface Since {
  readonly instant: LedgerInstant;
  readonly bounds: ReadonlyMap<ExplainedCounter, Bounds>;
}

/** The counters and the ledger as tables. */
export const ledgerBlock = (shown: Shown): Html => html`${ledgerTable(shown)}${counterTable(shown)}`;

const scrolling = (label: string, table: Html): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`;

const head = (words: string): Html => html`<th scope="col">${words}</th> `;

function counterTable({ instant, since, place }: Shown): Html {
  const { vm, counters } = instant;
  const memory = (pages: number): Html =>
    html`<td data-tip="${exactMemory(pages)}">${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</td> `;
  const count = (pages: number): Html => html`<td>${Number.isNaN(pages) ? "–" : formatCount(pages)}</td> `;
  const cells = (counter: ExplainedCounter): Html => {
    const pages = counters[counter];
    if (since === undefined) return html`${count(pages)}${memory(pages)}`;
    const { lowest = NaN, highest = NaN } = since.bounds.get(counter) ?? {};
    const change = signed(pages - since.instant.counters[counter], formatCount);
    return html`${count(pages)}${memory(pages)}
      <td>${change}</td>
      ${count(lowest)}${count(highest)}`;
  };
  const row = ({ counter, words, meaning }: CounterWords): Html =>
    html`<tr id="${rowId(place, counter)}" data-counter="${counter}" data-pages="${counters[counter]}">
      <th scope="row">${words}<span class="meaning">${meaning}</span></th>
      ${cells(counter)}
    </tr> `;
  const outside =
    counters.guestOutside > 0 ? ` The guest's figures leave out ${formatPages(counters.guestOutside)} that lie outside its MemTotal.` : "";
  return scrolling(
    `Counters of ${vmLabel(vm)} at ${formatInstant(counters.time)}`,
    html`<table>
      <caption>
        ${vmLabel(vm)} at ${formatInstant(counters.time)}: the counters on the number line.${outside}
      </caption>
      <thead>
        <tr>
          ${head("Counter")}${head("Pages of 4\u00a0KB")}${head("Size")}${
            since === undefined
              ? NOTHING
              : html`${head(`Change since ${formatInstant(since.instant.counters.time)}`)}${head("Lowest since")}${head("Highest since")}`
          }
        </tr>
      </thead>
      <tbody>
        ${HOST_COUNTERS.filter(({ counter }) => counter !== "consumed").map(row)}${usedCounters(instant)
          .filter(({ counter }) => counter !== "active")
          .map(row)}
        <tr id="${rowId(place, "allocatorUnknown")}">
          <th scope="row">
            allocator state unknown<span class="meaning">Resident pages without an alloc or free event in the trace.</span>
          </th>
          ${cells("allocatorUnknown")}
        </tr>
      </tbody>
    </table>`,
  );
}

function ledgerTable({ instant, windowNs, place, since }: Shown): Html {
  const { vm, counters, gapPages, ledger } = instant;
  const { time, consumed, active, granted, remaining } = counters;
  const known = (pages: number): string => (Number.isNaN(pages) ? "–" : formatPages(pages));
  const moved = (difference: (from: LedgerInstant) => number): Html =>
    since === undefined
      ? NOTHING
      : html`<td data-change="${difference(since.instant)}">${signed(difference(since.instant), formatCount)}</td> `;
  const cells = (pages: number): Html =>
    html`<td>${formatCount(pages)}</td>
      <td data-tip="${formatCount(Math.round(pages * PAGE_BYTES))} bytes">${formatPages(pages)}</td>
      <td>${formatShare(pages, consumed)}</td> `;
  const row = ({ class: cls, words, meaning, pages, returns, notSeenAgain }: LedgerRow): Html =>
    html`<tr id="${rowId(place, cls)}" data-class="${cls}" data-pages="${pages}">
      <th scope="row" class="class">
        <span class="swatch" style="background:${paint(cls)}"></span>${words}<span class="meaning">${meaning}</span>
      </th>
      ${cells(pages)}${moved((from) => pages - (from.ledger.find((each) => each.class === cls)?.pages ?? 0))}${
        isKnown
          ? html`<td>${known(returns)}</td>
              <td>${known(notSeenAgain)}</td> `
          : NOTHING
      }
    </tr> `;
  const total = (key: string, words: string, pages: number, before: (from: LedgerInstant) => number): Html =>
    html`<tr id="${rowId(place, key)}" data-total="${key}" data-pages="${pages}">
      <th scope="row">${words}</th>
      ${cells(pages)}${moved((from) => pages - before(from))}${
        isKnown
          ? html`<td></td>
              <td></td> `
          : NOTHING
      }
    </tr> `;
  const isKnown = remaining >= windowNs;
  const future = isKnown
    ? `The last two columns look ahead: touched again, or not, in the remaining ${formatInstant(remaining)} of the trace.`
    : `Whether idle memory is touched again is not known: the trace ends ${remaining === 0 ? "here" : `${formatInstant(remaining)} later`}, less than a window.`;

  return scrolling(
    `Ledger of ${vmLabel(vm)} at ${formatInstant(time)}`,
    html`<table>
      <caption>
        ${vmLabel(vm)} at ${formatInstant(time)}: where the memory between consumed and active is, with a window of
        ${formatDuration(windowNs)}.
        ${future}${consumed < granted ? " Pages that share a machine page stand whole in their classes, so that shares of consumed may pass 100 %; what sharing saves is taken off in its own row." : ""}
      </caption>
      <thead>
        <tr>
          ${head("Class")}${head("Pages of 4\u00a0KB")}${head("Size")}${head("Of consumed")}${
            since === undefined ? NOTHING : head(`Change since ${formatInstant(since.instant.counters.time)}, pages`)
          }${isKnown ? html`${head("Touched again")}${head("Not seen again")}` : NOTHING}
        </tr>
      </thead>
      <tbody>
        ${ledger.filter(({ class: cls }) => cls !== "active").map(row)}
      </tbody>
      <tfoot>
        ${total("gap", "gap: the sum of these", gapPages, (from) => from.gapPages)}${total("active", "active, true", active, (from) => from.counters.active)}${total("consumed", "consumed: gap and active", consumed, (from) => from.counters.consumed)}
      </tfoot>
    </table>`,
  );
}
