import type { Run } from "@tidemark/data/shapes";
import { hostFindings, hostSentences, type VmFindings } from "@tidemark/report/words";

const known = (n: number): number | null => (Number.isNaN(n) ? null : n);

/** The key `host` of `explain --json`; docs/json.md. Undefined where memory could not be scarce. */
export function hostJson(run: Run): object | undefined {
  const findings = hostFindings(run);
  if (findings === undefined) return undefined;
  const { spanNs, machinePages, overheadPages, minFreePages, thresholds, states, leastFreePages, leastFreeNs, end, takes, vms } = findings;
  return {
    spanNs,
    machinePages,
    overheadPages,
    minFreePages,
    thresholdPages: thresholds,
    leastFreePages,
    leastFreeNs,
    endState: end.state,
    endFreePages: end.freePages,
    endSavedPages: end.savedPages,
    states: states.map(({ state, visits, ns, firstNs }) => ({ state, visits, ns, firstNs: known(firstNs) })),
    firstTakes: takes.map(({ vm, timeNs, pages, isForLimit, standing }) => ({ vm, timeNs, pages, isForLimit, reason: standing })),
    vms: vms.map(vmJson),
    sentences: hostSentences(run),
  };
}

const vmJson = ({ vm, stopNs, balloon, zip, swap, sharing, unasked, stallNs, stalls, latency }: VmFindings): object => ({
  name: vm,
  stopNs: known(stopNs),
  balloon: { ...balloon, peakNs: known(balloon.peakNs) },
  zip,
  swap,
  sharing,
  unasked,
  stallNs,
  stalls,
  latency: { ...latency, p99Ns: known(latency.p99Ns), maxNs: known(latency.maxNs) },
});
