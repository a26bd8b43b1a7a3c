import { BLOCK_PAGES } from "@tidemark/data/shapes";
import { freePages } from "../machine.ts";
import { NO_PAGE } from "../policy.ts";
import { isRunning, type Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { breaksMetBlocks, STATE_RULES } from "./memory-state.ts";
import { breakBlock, isLarge } from "./pages.ts";
import { checkState } from "./rebalance.ts";
import { sharePage } from "./share-page.ts";

/** Draws before the scanner takes the next resident page behind the last one drawn. */
const DRAWS = 32;

/** One turn of the scanner: of every VM as many random resident pages as its rate and the host's allow (docs/host.md, Page sharing). */
export function scanForSharing(host: Host): void {
  const { share } = host.mechanisms;
  const rule = STATE_RULES[host.state];
  if (share === undefined || !rule.scans) return;
  const turnS = share.period / 1e9;
  const running = host.vms.filter((hv) => isRunning(host, hv));
  const wanted = running.map(({ vm }) => (vm.configuredPages / (share.scanTime / 1e9)) * turnS);
  const sum = wanted.reduce((total, pages) => total + pages, 0);
  const scale = Math.min(1, (share.hostRate * turnS) / sum);
  running.forEach((hv, i) => {
    hv.scanCredit += wanted[i] * scale;
    const before = hv.counts.shared;
    for (; hv.scanCredit >= 1; hv.scanCredit--) {
      const broken = rule.scansBrokenFirst ? nextBroken(hv) : -1;
      const ppn = broken >= 0 ? broken : randomResident(hv);
      if (ppn >= 0) scanPage(host, hv, ppn);
    }
    hv.stalls.endTick();
    const shared = hv.counts.shared - before;
    if (shared > 0) host.actions.add(host.nowNs, "share", hv.vm.name, shared, "scanned");
  });
  checkState(host);
}

/** Looks at one resident page: a 2 MB block is broken where that is wanted now, a page of 4 KB is looked up. */
export function scanPage(host: Host, hv: HostVm, ppn: number): void {
  hv.counts.scanned++;
  if (isLarge(hv, ppn)) {
    if (!breaksMetBlocks(host.state, freePages(host.machine), host.thresholds.minFreePages, host.scarcePercent)) return;
    breakBlock(host, hv, ppn, "the scanner met it");
  }
  sharePage(host, hv, ppn, true);
}

/** The next resident page of the blocks broken lately, block by block; −1 where there is none. */
function nextBroken(hv: HostVm): number {
  const { brokenBlocks, vm } = hv;
  while (brokenBlocks.length > 0) {
    const first = brokenBlocks[0] * BLOCK_PAGES;
    const end = Math.min(first + BLOCK_PAGES, vm.configuredPages);
    for (let ppn = first + hv.brokenAt; ppn < end; ppn++) {
      hv.brokenAt = ppn + 1 - first;
      if (vm.pmap[ppn] >= 0) return ppn;
    }
    brokenBlocks.shift();
    hv.brokenAt = 0;
  }
  return -1;
}

/** A resident page at random; −1 where there is none. */
function randomResident({ vm, random }: HostVm): number {
  if (vm.grantedPages === 0) return -1;
  let ppn = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    ppn = Math.floor(random.scan() * vm.configuredPages);
    if (vm.pmap[ppn] >= 0) return ppn;
  }
  const next = vm.resident.from(ppn);
  return next === NO_PAGE ? vm.resident.from(0) : next;
}
