import type { Run } from "@tidemark/data/shapes";
import { comparisonIn, comparisonSentences, type CaseFacts, type DifferenceRow } from "@tidemark/report/words";

const known = (n: number): number | null => (Number.isNaN(n) ? null : n);

/** `compare --json` and `merge --json`; docs/json.md. `folder`: where it was written. */
export function compareJson(run: Run, folder: string | undefined): object {
  const comparison = comparisonIn(run);
  return {
    schema: 1,
    folder: folder ?? null,
    pageBytes: run.manifest.pageBytes,
    baseline: comparison?.baseline.case ?? null,
    cases: (comparison?.cases ?? []).map(caseJson),
    failed: (comparison?.failed ?? []).map((each) => ({ case: each.case, reason: each.failed })),
    sentences: comparisonSentences(run),
  };
}

const caseJson = (each: CaseFacts): object => ({
  case: each.case,
  parameters: Object.fromEntries(each.parameters.map(({ parameter, value }) => [parameter, value])),
  spanNs: each.span,
  machinePages: known(each.machine),
  consumedPages: known(each.consumed),
  savedPages: known(each.saved),
  stallNs: each.stall,
  swapInPages: known(each.swapin),
  dominatedBy: each.dominated === "" ? null : each.dominated,
  vms: each.vms.map(vmJson),
});

const vmJson = (vm: DifferenceRow): object => ({
  name: vm.vm,
  consumedPages: known(vm.consumed),
  savedPages: known(vm.saved),
  stallNs: vm.stall,
  stallMoreNs: known(vm.stallMore),
  swapInPages: known(vm.swapin),
  swapInMorePages: known(vm.swapinMore),
  cycles: known(vm.cycles),
  cyclesMore: known(vm.cyclesMore),
  activeErrorPages: known(vm.activeError),
  activeErrorMorePages: known(vm.activeErrorMore),
});
