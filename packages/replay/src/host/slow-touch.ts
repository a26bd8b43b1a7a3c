import { CLEAR, STATE_RULES } from "./memory-state.ts";
import { checkState } from "./slow-balance.ts";
import { guestTouches } from "./slow-guest-lists.ts";
import {
  allocation,
  blockOf,
  freePages,
  pagesOfBlock,
  putIn,
  references,
  wait,
  type SlowHost,
  type SlowPage,
  type SlowVm,
} from "./slow-machine.ts";
import { pageOut, unzip } from "./slow-page-out.ts";
import { sharedEntry } from "./slow-sharing.ts";

/** docs/host.md, Touch and Room for a page. What cannot be is thrown as an Error whose message opens the one of the engine. */
export function touch(host: SlowHost, page: SlowPage, isWrite: boolean): void {
  const wasThere = page.state === "resident";
  if (!wasThere) bringIn(host, page, isWrite);
  else if (page.isOut) guestBringsIn(host, page);
  guestTouches(page);
  if (isWrite) beforeWrite(host, page);
  checkState(host);
  if (wasThere) page.accessed = true;
  page.touchedSinceSeen = true;
  if (isWrite) {
    page.writes++;
    page.dirty = true;
    if (wasThere) page.rewritten = true;
  }
}

function bringIn(host: SlowHost, page: SlowPage, isWrite: boolean): void {
  const { vm } = page;
  if (page.state === "unbacked" && backLargeBlock(host, page)) return;
  if (page.state === "zipped")
    vm.cache = [...vm.cache.filter((slot) => slot.page !== page), ...vm.cache.filter((slot) => slot.page === page)];
  makeRoom(host, page);
  const { state } = page;
  if (state === "zipped") {
    unzip(page);
    vm.counts.unzipped++;
    wait(host, vm, "decompression");
  } else if (state === "swapped") {
    vm.counts.swapIn++;
    wait(host, vm, "swap-in");
  } else {
    if (state === "ballooned") {
      vm.pinned = vm.pinned.filter((ppn) => ppn !== page.ppn);
      vm.counts.popped++;
    }
    backed(host, vm, 1);
  }
  guestBringsIn(host, page);
  putIn(page, isWrite);
}

function backed(host: SlowHost, vm: SlowVm, pages: number): void {
  vm.faults++;
  vm.zeroed += pages;
  wait(host, vm, "first touch");
  wait(host, vm, "zeroing", pages);
}

function backLargeBlock(host: SlowHost, page: SlowPage): boolean {
  const { vm } = page;
  const block = pagesOfBlock(vm, blockOf(page.ppn));
  if (!vm.isLargeBacked || host.state > CLEAR) return false;
  if (block.some(({ state }) => state !== "unbacked")) return false;
  if (freePages(host) < block.length || allocation(host, vm) + block.length > vm.limitPages) return false;
  guestBringsIn(host, page);
  backed(host, vm, block.length);
  for (const each of block) putIn(each, false);
  vm.large.add(blockOf(page.ppn));
  return true;
}

/** The guest takes a page that it had paged out from its own swap, or reads it from a file. */
function guestBringsIn(host: SlowHost, page: SlowPage): void {
  if (!page.isOut) return;
  const { vm } = page;
  page.isOut = false;
  vm.free = vm.free.filter((ppn) => ppn !== page.ppn);
  if (page.writes > 0) vm.counts.guestSwapIn++;
  else vm.counts.guestRefault++;
  wait(host, vm, "guest swap-in");
}

function beforeWrite(host: SlowHost, page: SlowPage): void {
  const { vm } = page;
  const entry = sharedEntry(host, page);
  page.isInSwap = false;
  if (entry === undefined) return;
  if (references(host).get(entry.frame) === 1) {
    host.table = host.table.filter((each) => each !== entry);
    vm.counts.cowLast++;
    return;
  }
  vm.policy.removed(page.ppn, false);
  makeRoom(host, page);
  page.frame = { made: true };
  vm.policy.admitted(page.ppn, true);
  vm.counts.cow++;
  wait(host, vm, "copy on write");
}

function makeRoom(host: SlowHost, page: SlowPage): void {
  const { vm, ppn } = page;
  while (vm.limitPages < vm.pages.length && allocation(host, vm) + 1 > vm.limitPages) {
    wait(host, vm, "blocked");
    if (!pageOut(host, vm, ppn)) impossible(host, vm, "at its limit");
  }
  if (STATE_RULES[host.state].blocks && allocation(host, vm) > vm.target.targetPages) {
    const wanted = freePages(host) + 1;
    while (freePages(host) < wanted && pageOut(host, vm, ppn)) wait(host, vm, "blocked");
  }
  while (freePages(host) === 0) {
    wait(host, vm, "blocked");
    if (!byExcess(host, vm).some((each) => pageOut(host, each, ppn))) impossible(host, vm, "no free memory");
  }
}

/** VMs above their reservation, the one furthest above its target first; of equals the one that asks, then by number. */
function byExcess(host: SlowHost, asking: SlowVm): SlowVm[] {
  const excess = (vm: SlowVm): number => allocation(host, vm) - vm.target.targetPages;
  return host.vms
    .filter((vm) => allocation(host, vm) > vm.reservationPages)
    .sort((a, b) => excess(b) - excess(a) || Number(b === asking) - Number(a === asking));
}

function impossible(host: SlowHost, vm: SlowVm, why: string): never {
  throw new Error(`${vm.name}: ${why} in state ${STATE_RULES[host.state].name} at ${(host.nowNs / 1e9).toFixed(3)} s`);
}
