import { formatPages, type Run } from "@tidemark/data/shapes";
import { html, NOTHING, type Html } from "../html.ts";
import { formatCount, formatShare } from "../memory-unit.ts";
import { formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";
import { vmNeeds, type OracleRow, type SizeRow, type VmNeed } from "./facts.ts";
import { basisWords, stallWords } from "./words.ts";

/** Per VM the sizes that it might be given, with their price, and what knowing the future would save. */
export function sizeTables(run: Run, vms: readonly string[]): Html {
  const spanNs = run.manifest.endNs - run.manifest.originNs;
  return html`${vmNeeds(run)
    .filter(({ vm }) => vms.includes(vm))
    .map((need) => html`${sizeTable(need, spanNs)}${oracleTable(need)}`)}`;
}

function sizeTable({ vm, sizes }: VmNeed, spanNs: number): Html {
  const row = (each: SizeRow): Html =>
    html`<tr>
      <th scope="row">${basisWords(each)}</th>
      <td>${formatCount(each.pages)}</td>
      <td>${formatPages(each.pages)}</td>
      <td>${formatCount(each.misses)}</td>
      <td>${formatCount(each.pageIns)}</td>
      <td>${stallWords(each, spanNs)}</td>
      <td>${formatCount(each.bound)}</td>
    </tr> `;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sizes for ${vmLabel(vm)}">
    <table>
      <caption>
        ${vmLabel(vm)}: memory sizes, and what each would have cost had the VM had just that much, under LRU. Page-ins are pages that were
        there, were pushed out and are read again, at ${formatSpan(sizes[0]?.pageIn ?? NaN)} each. The bound: page-ins of Belady's policy,
        which knows the future, in the same memory
      </caption>
      <thead>
        <tr>
          <th scope="col">Size</th>
          <th scope="col">Pages of 4&nbsp;KB</th>
          <th scope="col">Memory</th>
          <th scope="col">Misses</th>
          <th scope="col">Page-ins</th>
          <th scope="col">Stall (of the time)</th>
          <th scope="col">Bound</th>
        </tr>
      </thead>
      <tbody>
        ${sizes.map(row)}
      </tbody>
    </table>
  </div>`;
}

function oracleTable({ vm, oracle }: VmNeed): Html {
  if (oracle.length === 0) return NOTHING;
  const row = ({ stall, pageIns, consumed, held, saved, size }: OracleRow): Html =>
    html`<tr>
      <th scope="row">${stall === 0 ? "none" : formatSpan(stall)}</th>
      <td>${formatCount(pageIns)}</td>
      <td>${formatPages(held)}</td>
      <td>${formatPages(saved)}</td>
      <td>${formatShare(saved, consumed)}</td>
      <td>${formatPages(size)}</td>
    </tr> `;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The bound for ${vmLabel(vm)}">
    <table>
      <caption>
        ${vmLabel(vm)}: the least memory that can be held on average over the trace if the future is known, for a stall that is allowed. No
        policy that only takes pages and reads them again does better; page sharing, compression and taking what the guest has freed save in
        another way. One size: the smallest memory that is the same all the time in which Belady's policy stalls no longer
      </caption>
      <thead>
        <tr>
          <th scope="col">Stall allowed</th>
          <th scope="col">Page-ins</th>
          <th scope="col">Held</th>
          <th scope="col">Saved</th>
          <th scope="col">Of consumed</th>
          <th scope="col">One size</th>
        </tr>
      </thead>
      <tbody>
        ${oracle.map(row)}
      </tbody>
    </table>
  </div>`;
}
