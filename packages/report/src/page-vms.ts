import { formatPages } from "@tidemark/data/shapes";
import { html, type Html } from "./html.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { formatInstant } from "./time-unit.ts";
import { vmLabel } from "./vm-label.ts";

/** Rows of the table of all VMs, at most. */
const ROWS_MAX = 64;

/** One line per VM and instant. */
export function vmTable(instants: readonly LedgerInstant[]): Html {
  const size = (pages: number): Html => html`<td>${Number.isNaN(pages) ? "unknown" : formatPages(pages)}</td> `;
  const rest = instants.length - ROWS_MAX;
  const isShared = instants.some(({ counters: { consumed, granted } }) => consumed < granted);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All VMs and instants">
    <table>
      <caption>
        All VMs and explained
        instants${isShared ? "; what page sharing saves is off consumed and gap, and not off what is freed" : ""}${rest > 0 ? `; ${rest} more are in the run's tables` : ""}
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
        ${instants.slice(0, ROWS_MAX).map(
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
