import { formatPages, rowsOf, type Run } from "@tidemark/data/shapes";
import { exactMemory } from "./exact-memory.ts";
import { html, NOTHING, type Html } from "./html.ts";
import { chartNumbers } from "./chart-numbers.ts";
import { markerRows, type MarkerRow } from "./marker-rows.ts";
import { formatCount } from "./memory-unit.ts";
import { formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** Rows of the table, at most. */
const ROWS_MAX = 64;

/** What the workloads marked, when, and what their VMs held then. Nothing in a run without markers. */
export function markerSection(run: Run): Html {
  const markers = markerRows(run);
  const rows = rowsOf(markers);
  if (rows.length === 0) return NOTHING;
  const isOfSeveral = new Set(rows.map(({ vm }) => vm)).size > 1;
  // A run of translation alone has markers, and no samples.
  const isSampled = rows.some(({ sampled }) => !Number.isNaN(sampled));
  const memory = (pages: number): Html =>
    html`<td data-tip="${exactMemory(pages)}">${Number.isNaN(pages) ? "–" : formatPages(pages)}</td> `;
  const row = ({ time, vm, marker, consumed, active, gap }: MarkerRow): Html =>
    html`<tr data-time-ns="${time}" data-marker="${marker}">
      <th scope="row">${formatInstant(time)}</th>
      ${isOfSeveral ? html`<td>${vmLabel(vm)}</td> ` : NOTHING}
      <td>${formatCount(marker)}</td>
      ${isSampled ? html`${memory(consumed)}${memory(active)}${memory(gap)}` : NOTHING}
    </tr> `;
  const head = (words: string): Html => html`<th scope="col">${words}</th> `;
  const rest = rows.length - ROWS_MAX;
  return html`<section aria-labelledby="markers">
    <h2 id="markers">What did the workload mark?</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Markers of the workload">
      <table class="short">
        <caption>
          Markers as the trace has them: numbers whose meaning the workload knows.
          ${isSampled ? "Memory is that of the last sample at or before each." : ""}
          ${rest > 0 ? `The first ${ROWS_MAX} of ${formatCount(rows.length)}.` : ""}
        </caption>
        <thead>
          <tr>
            ${head("When")}${isOfSeveral ? head("VM") : NOTHING}${head("Marker")}${isSampled ? html`${head("Consumed")}${head("Active")}${head("Gap")}` : NOTHING}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, ROWS_MAX).map(row)}
        </tbody>
      </table>
    </div>
    ${
      chartNumbers(markers) === undefined
        ? html`<p class="small">They are too many for a page; run.json has all of them.</p>`
        : html`<div class="actions"><button type="button" data-save="markers">Markers (CSV)</button></div>`
    }
  </section>`;
}
