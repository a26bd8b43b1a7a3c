import { BALLOONED, freePages, GROUP, RECORD, settle, SWAPPED, UNBACKED, ZIPPED } from "../machine.ts";
import { ALLOCATED, FREED } from "../groups.ts";
import { NO_PAGE } from "../policy.ts";
import { CLEAN_IN_SWAP, GUEST_OUT } from "./guest-page.ts";
import { enterGuestSwap } from "./guest-swap.ts";
import type { Host } from "./host.ts";
import { GUEST_FREE, PINNED, type HostVm } from "./host-vm.ts";
import { takeFromCache } from "./page-out.ts";
import { breakBlock, isLarge, letGo } from "./pages.ts";
import { withMargin } from "./min-free.ts";
import { canBalloon, checkState } from "./rebalance.ts";
import { DOUBLE_PAGING, GUEST_SWAP_OUT } from "./stalls.ts";

/** The driver looks at its target and grows or shrinks the balloon towards it, at most at its rate (docs/host.md, Balloon). */
export function pollBalloon(host: Host, hv: HostVm): void {
  const { balloon, allocation } = host.mechanisms;
  if (balloon === undefined || !canBalloon(host, hv)) return;
  const most = Math.max(1, Math.floor((balloon.rate * balloon.poll) / 1e9));
  const before = hv.guestPages.sizes[PINNED];
  const { balloonPages, reason } = hv.target;
  if (balloonPages > before) {
    for (let n = Math.min(most, balloonPages - before); n > 0; n--) if (!pinOne(host, hv, balloon.freeOrder)) break;
  } else if (balloonPages < before) {
    const aimPages = withMargin(host.thresholds.minFreePages, allocation.margin);
    for (let n = Math.min(most, before - balloonPages); n > 0 && freePages(host.machine) > aimPages; n--) unpinOne(hv);
  }
  hv.stalls.endTick();
  const moved = hv.guestPages.sizes[PINNED] - before;
  if (moved === 0) return;
  host.actions.add(host.nowNs, "balloon", hv.vm.name, moved, moved > 0 ? reason : "deflates");
  checkState(host);
}

/** The guest gives up one page for the balloon: a free one, else its least recently used one. False where it has none. */
function pinOne(host: Host, hv: HostVm, freeOrder: "lifo" | "fifo"): boolean {
  const freed = freeOrder === "lifo" ? hv.guestPages.newest(GUEST_FREE) : hv.guestPages.oldest(GUEST_FREE);
  if (freed !== NO_PAGE) {
    hv.guestPages.remove(freed);
    pin(host, hv, freed);
    return true;
  }
  const untouched = nextUntouched(hv);
  const ppn = untouched === NO_PAGE ? hv.guestLru.leastRecent(hv) : untouched;
  if (ppn === NO_PAGE) return false;
  if (untouched === NO_PAGE) guestPagesOut(host, hv, ppn);
  pin(host, hv, ppn);
  return true;
}

/** The guest takes the page from whoever uses it: what was written goes to its own swap, the rest it can read again from a file. */
function guestPagesOut(host: Host, hv: HostVm, ppn: number): void {
  const { counts, stalls, marks } = hv;
  const state = hv.vm.pmap[ppn];
  if (state === SWAPPED || state === ZIPPED) {
    // The host has to read it first, only for the guest to write it out again.
    counts.doublePaging++;
    stalls.add(DOUBLE_PAGING);
    if (state === ZIPPED) {
      takeFromCache(hv, host.machine, ppn);
      counts.unzipped++;
    } else counts.swapIn++;
    settle(hv.vm, ppn, UNBACKED);
  }
  if (hv.writtenBy[ppn] > 0) {
    counts.guestSwapOut++;
    stalls.add(GUEST_SWAP_OUT);
  } else counts.guestDropped++;
  marks[ppn] &= ~CLEAN_IN_SWAP;
  enterGuestSwap(hv, ppn);
}

/** The driver holds a page; the host takes the memory behind it, if there is any. */
function pin(host: Host, hv: HostVm, ppn: number): void {
  const state = hv.vm.pmap[ppn];
  if (state >= 0) {
    if (isLarge(hv, ppn)) breakBlock(host, hv, ppn, "the balloon took a page of it");
    letGo(host, hv, ppn, BALLOONED, false);
    hv.counts.pinnedBacked++;
  } else {
    if (state === ZIPPED) takeFromCache(hv, host.machine, ppn);
    settle(hv.vm, ppn, BALLOONED);
    hv.counts.pinnedUnbacked++;
  }
  hv.marks[ppn] &= ~CLEAN_IN_SWAP;
  hv.guestLru.left(ppn);
  hv.guestPages.append(ppn, PINNED);
}

/** The page pinned last goes back to the guest, unbacked. What the guest had paged out for it is free memory of the guest now. */
function unpinOne(hv: HostVm): void {
  const ppn = hv.guestPages.newest(PINNED);
  hv.guestPages.remove(ppn);
  settle(hv.vm, ppn, UNBACKED);
  if (allocatorOf(hv, ppn) === FREED || (hv.marks[ppn] & GUEST_OUT) !== 0) hv.guestPages.append(ppn, GUEST_FREE);
  hv.untouchedFrom = Math.min(hv.untouchedFrom, ppn);
  hv.guestLru.forget();
}

export const allocatorOf = ({ vm }: HostVm, ppn: number): number => vm.groups.allocator[vm.seen[RECORD * ppn + GROUP]];

/** The lowest PPN that the guest has never touched nor allocated, and the balloon does not hold. */
function nextUntouched(hv: HostVm): number {
  const { vm, touchedBy } = hv;
  for (; hv.untouchedFrom < vm.configuredPages; hv.untouchedFrom++) {
    const ppn = hv.untouchedFrom;
    if (touchedBy[ppn] === 0 && vm.pmap[ppn] !== BALLOONED && allocatorOf(hv, ppn) !== ALLOCATED) return ppn;
  }
  return NO_PAGE;
}
