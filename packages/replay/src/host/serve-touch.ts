import { bug, BLOCK_PAGES } from "@tidemark/data/shapes";
import { BALLOONED, blockEnd, blockStart, freePages, leaveFrame, SWAPPED, takeFrame, UNBACKED, ZIPPED } from "../machine.ts";
import { allocate } from "./allocate.ts";
import { CLEAN_IN_SWAP, GUEST_OUT } from "./guest-page.ts";
import { leaveGuestSwap } from "./guest-swap.ts";
import type { Host } from "./host.ts";
import { GUEST_FREE, type HostVm } from "./host-vm.ts";
import { CLEAR } from "./memory-state.ts";
import { takeFromCache } from "./page-out.ts";
import { allocationOf, becomeResident, leaveTable, setTraps } from "./pages.ts";
import { checkState } from "./rebalance.ts";
import { SHARED } from "./share-table.ts";
import { COPY_ON_WRITE, DECOMPRESSION, FIRST_TOUCH, GUEST_SWAP_IN, SWAP_IN, ZEROING } from "./stalls.ts";

/** Does what a touch of a page needs before it can go on (docs/host.md, Touch): afterwards the page is resident, and may be written if that is wanted. */
export function serveTouch(host: Host, hv: HostVm, ppn: number, isWrite: boolean): void {
  if (hv.vm.pmap[ppn] < 0) bringIn(host, hv, ppn, isWrite);
  else if ((hv.marks[ppn] & GUEST_OUT) !== 0) {
    // A large page came to stand behind it.
    guestFault(hv, ppn);
    setTraps(host, hv, ppn);
  }
  if (hv.guestLru.awaits(ppn)) {
    hv.guestLru.touched(ppn);
    setTraps(host, hv, ppn);
  }
  if (isWrite) beforeWrite(host, hv, ppn);
  checkState(host);
}

function bringIn(host: Host, hv: HostVm, ppn: number, isWrite: boolean): void {
  const { vm, stalls, counts, marks } = hv;
  if (vm.pmap[ppn] === UNBACKED && backLargeBlock(host, hv, ppn)) return;
  if (vm.pmap[ppn] === ZIPPED) hv.cache?.renew(ppn);
  const mpn = allocate(host, hv, ppn);
  // Room was made, in a cache of one page perhaps by evicting this very page: its state is what it is now.
  const state = vm.pmap[ppn];
  if (state === ZIPPED) {
    takeFromCache(hv, host.machine, ppn);
    counts.unzipped++;
    stalls.add(DECOMPRESSION);
  } else if (state === SWAPPED) {
    counts.swapIn++;
    stalls.add(SWAP_IN);
  } else {
    if (state === BALLOONED) {
      hv.guestPages.remove(ppn);
      counts.popped++;
    }
    vm.faults++;
    vm.zeroedPages++;
    stalls.add(FIRST_TOUCH);
    stalls.add(ZEROING);
    marks[ppn] &= ~CLEAN_IN_SWAP;
  }
  guestFault(hv, ppn);
  becomeResident(host, hv, ppn, mpn, isWrite);
}

/** What the guest itself does when it touches a page that it had let go. */
function guestFault(hv: HostVm, ppn: number): void {
  if ((hv.marks[ppn] & GUEST_OUT) === 0) return;
  leaveGuestSwap(hv, ppn);
  if (hv.guestPages.queueOf(ppn) === GUEST_FREE) hv.guestPages.remove(ppn);
  if (hv.writtenBy[ppn] > 0) hv.counts.guestSwapIn++;
  else hv.counts.guestRefault++;
  hv.stalls.add(GUEST_SWAP_IN);
}

/** Backs a whole 2 MB block with one large page, where that is wanted and possible (docs/host.md, Touch). */
function backLargeBlock(host: Host, hv: HostVm, ppn: number): boolean {
  const { vm, stalls } = hv;
  const { machine } = host;
  if (vm.blockPages === 1 || host.state > CLEAR) return false;
  const first = blockStart(vm, ppn);
  const end = blockEnd(vm, ppn);
  if (freePages(machine) < end - first || allocationOf(host, hv) + end - first > hv.settings.limitPages) return false;
  for (let p = first; p < end; p++) if (vm.pmap[p] !== UNBACKED) return false;
  hv.largeBlocks[Math.floor(ppn / BLOCK_PAGES)] = 1;
  guestFault(hv, ppn);
  for (let p = first; p < end; p++) becomeResident(host, hv, p, takeFrame(machine), false);
  vm.faults++;
  vm.zeroedPages += end - first;
  stalls.add(FIRST_TOUCH);
  stalls.add(ZEROING, end - first);
  return true;
}

/** The content changes: a shared frame is left for one of its own, the hash is void, the swap file's copy is old. A hint stays, and is found stale. */
function beforeWrite(host: Host, hv: HostVm, ppn: number): void {
  const { vm, contents, counts, marks, stalls } = hv;
  const { machine, shared } = host;
  const mpn = vm.pmap[ppn];
  if (shared.table.kindOf(mpn) === SHARED) {
    if (machine.refs[mpn] > 1) {
      // The page must not be taken while a frame for it is sought.
      hv.reclaimer.removed(ppn, false);
      const own = allocate(host, hv, ppn);
      leaveTable(host, hv, mpn);
      vm.pmap[ppn] = own;
      host.translations?.forget(hv.number, ppn);
      leaveFrame(machine, mpn);
      hv.reclaimer.admitted(ppn, true);
      counts.cow++;
      stalls.add(COPY_ON_WRITE);
    } else {
      leaveTable(host, hv, mpn);
      counts.cowLast++;
    }
  }
  if (contents !== undefined && !contents.isEndState) contents.holds[ppn] = 0;
  marks[ppn] &= ~CLEAN_IN_SWAP;
  hv.trap[ppn] = 0;
  if (vm.pmap[ppn] < 0) throw bug(`${vm.name}: PPN ${ppn} was taken while it was written`);
}
