import { formatPages, type Run } from "@tidemark/data/shapes";
import { html, NOTHING, type Html } from "../html.ts";
import { formatCount, formatShare } from "../memory-unit.ts";
import { formatSpan } from "../time-unit.ts";
import { comparisonIn, type CaseFacts } from "./facts.ts";
import { caseLabel } from "./words.ts";

/** Cases in the page's table, at most. */
const ROWS_MAX = 128;

/** The cases of a comparison, a row each. */
export function caseTable(run: Run): Html {
  const comparison = comparisonIn(run);
  if (comparison === undefined) return NOTHING;
  const { cases, baseline } = comparison;
  const rest = cases.length - ROWS_MAX;
  const row = (each: CaseFacts): Html =>
    html`<tr>
      <th scope="row" class="class">
        ${caseLabel(each.case)}${remarks(each, baseline).map((text) => html`<span class="meaning">${text}</span>`)}
      </th>
      <td>${formatPages(each.consumed)}</td>
      <td>${formatPages(each.saved)}</td>
      <td>${formatSpan(each.stall)}</td>
      <td>${formatShare(each.stall, each.span * each.vms.length)}</td>
      <td>${formatCount(each.swapin)}</td>
    </tr> `;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All cases">
    <table>
      <caption>
        All cases, with their VMs together: memory is the mean over all samples, saved is what the baseline holds
        more${rest > 0 ? `; ${rest} more are in the run's tables` : ""}
      </caption>
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">VMs hold</th>
          <th scope="col">Saved</th>
          <th scope="col">Waited</th>
          <th scope="col">Of run time</th>
          <th scope="col">Pages swapped in</th>
        </tr>
      </thead>
      <tbody>
        ${cases.slice(0, ROWS_MAX).map(row)}
      </tbody>
    </table>
  </div>`;
}

const remarks = (each: CaseFacts, baseline: CaseFacts): readonly string[] => [
  ...(each === baseline ? ["the baseline"] : []),
  ...(each.dominated === "" ? [] : [`beaten by ${caseLabel(each.dominated)}`]),
];
