import { formatPages, type Run } from "@tidemark/data";
import { comparisonSentences } from "./compare/words.ts";
import { curveSentences } from "./curve/words.ts";
import { explainedInstants, type Explained, type LedgerRow } from "./explained.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { formatCount, formatShare } from "./memory-unit.ts";
import { hasNoLedger } from "./no-ledger.ts";
import { CLASS_COLOUR } from "./palette.ts";
import { cutNote, INSTANTS_MAX } from "./panel.ts";
import { needSentences } from "./rightsize/words.ts";
import { explanation, gapSentence } from "./sentences.ts";
import { formatDuration, formatInstant } from "./time-unit.ts";
import { translationAnswers } from "./translation-sentences.ts";
import { unbroken } from "./unbroken.ts";
import { vmLabel } from "./vm-label.ts";

/** Rows of the table of all VMs, at most. */
const TABLE_ROWS_MAX = 64;

/** The answer: a paragraph per explained instant of a single VM, a sentence each where there are several VMs; then what translation costs, how misses fall with memory, how much of it VMs need, and what alternatives save and cost. */
export function answers(run: Run, vms: readonly string[]): Html {
  const explained = shown(run, vms);
  const { windowNs } = run.manifest;
  const note = cutNote(run);
  const cut = note === "" ? NOTHING : html`<p class="quiet">${note}</p>`;
  const translation = translationAnswers(run);
  const others = [...curveSentences(run), ...needSentences(run), ...comparisonSentences(run)];
  const none =
    explained.length > 0 || hasNoLedger(run) ? [] : ["No instant was explained in this run; the charts below show it over time."];
  if (vms.length === 1 || explained.length + translation.length + others.length === 0) {
    const paragraphs = [
      ...none,
      ...explained.map((each) => explanation(each, windowNs)),
      ...translation.map(({ text }) => text),
      ...others,
    ];
    return html`${paragraphs.map((text) => html`<p class="answer">${unbroken(text)}</p> `)}${cut}`;
  }
  const lines = [...none, ...explained.map((each) => gapSentence(each, windowNs)), ...translation.map(({ cost }) => cost), ...others];
  return html`<ul>
      ${lines.map((text) => html`<li>${unbroken(text)}</li> `)}
    </ul>
    ${cut}`;
}

/** Where there are several VMs or instants: one line each. */
export function vmTable(run: Run): Html {
  const explained = explainedInstants(run);
  if (explained.length < 2) return NOTHING;
  const size = (pages: number): Html => html`<td>${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</td>`;
  const rest = explained.length - TABLE_ROWS_MAX;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All VMs and instants">
    <table>
      <caption>
        All VMs and explained instants${rest > 0 ? `; ${rest} more are in the run's tables` : ""}
      </caption>
      <thead>
        <tr>
          <th scope="col">VM and instant</th>
          <th scope="col">Configured</th>
          <th scope="col">Consumed</th>
          <th scope="col">Active</th>
          <th scope="col">Gap</th>
          <th scope="col">Freed, still backed</th>
        </tr>
      </thead>
      <tbody>
        ${explained.slice(0, TABLE_ROWS_MAX).map(
          ({ vm, counters, gapPages, ledger }) =>
            html`<tr>
              <th scope="row">${vmLabel(vm)} at ${formatInstant(counters.time)}</th>
              ${size(counters.configured)}${size(counters.consumed)}${size(counters.active)}${size(gapPages)}${size(ledger.find((row) => row.class === "freed")?.pages ?? NaN)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The explained instants that the page has panels for. */
const shown = (run: Run, vms: readonly string[]): readonly Explained[] => {
  const explained = explainedInstants(run);
  return vms.flatMap((vm) => explained.filter((each) => each.vm === vm).slice(0, INSTANTS_MAX));
};

const panel = (vms: readonly string[], vm: string, content: Html): Html =>
  html`<div class="panel" data-vm="${vms.indexOf(vm)}" ${{ html: vm === vms[0] ? "" : " hidden" }}>${content}</div> `;

/** Per explained instant: the numbers at a glance, and the ledger as a table. */
export function ledgers(run: Run, vms: readonly string[]): Html {
  const explained = shown(run, vms);
  return html`${explained.map((each) => {
    const heading = explained.length > 1 ? html`<h3>${vmLabel(each.vm)} at ${formatInstant(each.counters.time)}</h3>` : NOTHING;
    return panel(vms, each.vm, html`${heading}${numberLine(each)}${ledgerTable(each, run.manifest.windowNs)}`);
  })}`;
}

/** Configured, granted, consumed, active, guest used. */
function numberLine({
  counters: { configured, granted, consumed, active, activeReported, guestUsed, guestAllocated, guestOutside },
}: Explained): Html {
  const entry = (name: string, pages: number): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</dd>
    </div> `;
  const guest = Number.isNaN(guestUsed)
    ? entry("allocated in the guest since tracing began", guestAllocated)
    : entry(`used, as the guest says${guestOutside > 0 ? ` (and ${formatPages(guestOutside)} outside its MemTotal)` : ""}`, guestUsed);
  return html`<dl class="numbers">
    ${entry("configured", configured)}${entry("granted", granted)}${entry("consumed", consumed)}${entry("active, as the estimator reports it", activeReported)}${entry("active, true", active)}${guest}
  </dl>`;
}

function ledgerTable({ vm, counters, gapPages, ledger }: Explained, windowNs: number): Html {
  const { consumed, active, remaining, allocatorUnknown } = counters;
  const known = (pages: number): string => (Number.isNaN(pages) ? "–" : formatPages(pages));
  const row = ({ class: cls, words, meaning, pages, size, returns, notSeenAgain }: LedgerRow): Html =>
    html`<tr>
      <th scope="row" class="class">
        <span class="swatch" style="background:${CLASS_COLOUR[cls]}"></span>${words}<span class="meaning">${meaning}</span>
      </th>
      <td>${formatCount(pages)}</td>
      <td>${size}</td>
      <td>${formatShare(pages, consumed)}</td>
      <td>${known(returns)}</td>
      <td>${known(notSeenAgain)}</td>
    </tr> `;
  const total = (words: string, pages: number): Html =>
    html`<tr>
      <th scope="row">${words}</th>
      <td>${formatCount(pages)}</td>
      <td>${formatPages(pages)}</td>
      <td>${formatShare(pages, consumed)}</td>
      <td></td>
      <td></td>
    </tr> `;
  const future =
    remaining >= windowNs
      ? `The last two columns look ahead: touched again, or not, in the remaining ${formatInstant(remaining)} of the trace.`
      : `The last two columns are empty: the trace ends ${remaining === 0 ? "here" : `${formatInstant(remaining)} later`}, less than a window.`;
  const blind =
    allocatorUnknown > 0
      ? ` Allocator state unknown: ${formatCount(allocatorUnknown)} pages, on which the trace has no alloc or free event; they count as not freed.`
      : "";
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Ledger of ${vmLabel(vm)} at ${formatInstant(counters.time)}">
    <table>
      <caption>
        ${vmLabel(vm)} at ${formatInstant(counters.time)}: where the memory between consumed and active is, with a window of
        ${formatDuration(windowNs)}. ${future}${blind}
      </caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Pages of 4 KB</th>
          <th scope="col">Size</th>
          <th scope="col">Of consumed</th>
          <th scope="col">Touched again</th>
          <th scope="col">Not seen again</th>
        </tr>
      </thead>
      <tbody>
        ${ledger.filter(({ class: cls }) => cls !== "active").map(row)}
      </tbody>
      <tfoot>
        ${total("gap: the sum of these", gapPages)}${total("active, true", active)}${total("consumed: gap and active", consumed)}
      </tfoot>
    </table>
  </div>`;
}
