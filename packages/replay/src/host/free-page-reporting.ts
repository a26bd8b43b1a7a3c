import { BLOCK_PAGES } from "@tidemark/data/shapes";
import { FREED } from "../groups.ts";
import { BALLOONED, settle, UNBACKED, ZIPPED } from "../machine.ts";
import { allocatorOf } from "./balloon.ts";
import { CLEAN_IN_SWAP } from "./guest-page.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { takeFromCache } from "./page-out.ts";
import { letGo } from "./pages.ts";
import { checkState } from "./rebalance.ts";

/**
 * Free page reporting: every guest names its blocks of 2 MB that are wholly free and that it has not named since a page of them was
 * freed (Linux mm/page_reporting.c, order 9), and the host takes the memory behind them. The one mechanism that answers "freed by the
 * guest, still backed". A guest whose allocator state is unknown names nothing.
 */
export function reportFreePages(host: Host): void {
  for (const hv of host.vms) {
    if (hv.isOff) continue;
    const { counts, vm } = hv;
    const { reported, reportedBacked } = counts;
    for (let block = 0; (block + 1) * BLOCK_PAGES <= vm.configuredPages; block++) {
      if (hv.reportedBlocks[block] === 1 || !isFree(hv, block)) continue;
      hv.reportedBlocks[block] = 1;
      hv.largeBlocks[block] = 0; // goes as it is, whole
      for (let ppn = block * BLOCK_PAGES; ppn < (block + 1) * BLOCK_PAGES; ppn++) unback(host, hv, ppn);
      counts.reported += BLOCK_PAGES;
    }
    const blocks = (counts.reported - reported) / BLOCK_PAGES;
    if (blocks > 0)
      host.actions.add(host.nowNs, "report", vm.name, counts.reportedBacked - reportedBacked, `${blocks} free blocks of 2 MB`);
  }
  checkState(host);
}

/** Whether the guest's allocator has all of a block. What the balloon has pinned is not free. */
function isFree(hv: HostVm, block: number): boolean {
  for (let ppn = block * BLOCK_PAGES; ppn < (block + 1) * BLOCK_PAGES; ppn++)
    if (allocatorOf(hv, ppn) !== FREED || hv.vm.pmap[ppn] === BALLOONED) return false;
  return true;
}

/** The host forgets a page, wherever it is; a later touch finds a zeroed one. */
function unback(host: Host, hv: HostVm, ppn: number): void {
  const { vm, marks, contents } = hv;
  const state = vm.pmap[ppn];
  if (state >= 0) {
    letGo(host, hv, ppn, UNBACKED, false);
    hv.counts.reportedBacked++;
  } else {
    if (state === ZIPPED) takeFromCache(hv, host.machine, ppn);
    settle(vm, ppn, UNBACKED);
  }
  marks[ppn] &= ~CLEAN_IN_SWAP;
  if (contents !== undefined && !contents.isEndState) contents.holds[ppn] = 0;
}
