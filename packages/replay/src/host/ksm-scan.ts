import type { Values } from "@tidemark/data/shapes";
import { PageSet } from "../page-set.ts";
import { NO_PAGE } from "../policy.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { STATE_RULES } from "./memory-state.ts";
import type { SHARE } from "./mechanism-params.ts";
import { checkState } from "./rebalance.ts";
import { scanPage } from "./share-scan.ts";

/**
 * The scanner of Linux ksm in the place of ESX's: it goes through the resident pages of the VMs in order, VM by VM and PPN by PPN, a
 * batch at a time, and a page is looked up only if its hash is the one that the last pass saw. A batch ends with the last page of the
 * last VM. Departures: the work of the batches of a turn is done at its end; the stable and the unstable tree are the one table, so
 * the hash must have held even where a page is already shared; no limit to the pages that share a frame.
 */
export function createKsmScan(host: Host, { pagesToScan, sleep, period }: Values<typeof SHARE>): () => void {
  let batches = 0;
  let v = 0;
  let at = 0;
  /** By VM: pages whose hash the scanner saw at its last pass. */
  const seen = host.vms.map(({ vm }) => new PageSet(vm.configuredPages));
  /** The next resident page in order; of what is not resident the hash is forgotten. False at the end of a pass. */
  const next = (): boolean => {
    for (; v < host.vms.length; v++, at = 0) {
      const { resident, configuredPages } = host.vms[v].vm;
      const page = resident.from(at);
      seen[v].removeRange(at, page === NO_PAGE ? configuredPages : page);
      at = page;
      if (page !== NO_PAGE) return true;
    }
    v = 0;
    return false;
  };
  return () => {
    if (!STATE_RULES[host.state].scans) return;
    const shared = host.vms.map(({ counts }) => counts.shared);
    for (batches += period / sleep; batches >= 1; batches--) {
      for (let pages = 0; pages < pagesToScan && next(); pages++) scanInOrder(host, host.vms[v], seen[v], at++);
    }
    host.vms.forEach(({ vm, counts, stalls }, i) => {
      stalls.endTick();
      if (counts.shared > shared[i]) host.actions.add(host.nowNs, "share", vm.name, counts.shared - shared[i], "scanned");
    });
    checkState(host);
  };
}

function scanInOrder(host: Host, hv: HostVm, seen: PageSet, ppn: number): void {
  const { contents } = hv;
  const wasSeen = seen.has(ppn);
  // A page has one known content at most: it has the hash of the last pass if it was known then and is now.
  const isKnown = contents !== undefined && contents.holds[ppn] === 1;
  if (isKnown) seen.add(ppn);
  else seen.remove(ppn);
  if (isKnown && wasSeen) scanPage(host, hv, ppn);
  else hv.counts.scanned++;
}
