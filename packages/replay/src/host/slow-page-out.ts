import { NO_PAGE } from "../policy.ts";
import { checkState } from "./slow-balance.ts";
import {
  act,
  allocation,
  breakBlock,
  freePages,
  isLarge,
  references,
  takeOut,
  type SlowHost,
  type SlowPage,
  type SlowVm,
} from "./slow-machine.ts";
import { share } from "./slow-sharing.ts";

/** docs/host.md, Page-out. */
export function pageOut(host: SlowHost, vm: SlowVm, incoming: number): boolean {
  const { swap } = host.mechanisms;
  if (swap === undefined || allocation(host, vm) <= vm.reservationPages) return false;
  const ppn = vm.policy.victim(incoming);
  if (ppn === NO_PAGE) return evict(vm);
  take(host, vm.pages[ppn]);
  return true;
}

/** A resident page is shared, compressed or swapped. */
export function take(host: SlowHost, page: SlowPage): void {
  const { vm, ppn } = page;
  if (isLarge(page)) breakBlock(host, page, "a page of it is taken");
  if (host.mechanisms.share !== undefined && share(host, page, false)) {
    vm.counts.sharedBeforeSwap++;
    vm.policy.removed(ppn, false);
    vm.policy.admitted(ppn, false);
    return;
  }
  const quarters = quartersOf(host, page);
  if (quarters === 0) {
    takeOut(page, "swapped", true);
    writeToSwap(page);
    return;
  }
  while (vm.cache.reduce((sum, slot) => sum + slot.quarters, 0) + quarters > 4 * capPages(host, vm)) evict(vm);
  takeOut(page, "zipped", true);
  vm.cache.push({ page, quarters });
  vm.counts.zipped++;
}

const capPages = ({ mechanisms: { compress } }: SlowHost, { pages }: SlowVm): number =>
  compress === undefined ? 0 : Math.floor((compress.maxPercent * pages.length) / 100);

/** Quarters of a frame that a page is compressed to, 0 if it is to be swapped. */
function quartersOf(host: SlowHost, page: SlowPage): number {
  const { compress } = host.mechanisms;
  if (compress === undefined || capPages(host, page.vm) === 0) return 0;
  const zbytes = page.content === undefined || page.content.zbytes === 0 ? compress.unknownBytes : page.content.zbytes;
  if (zbytes > 2048) {
    page.vm.counts.incompressible++;
    return 0;
  }
  const others = page.frame === undefined ? 0 : (references(host).get(page.frame) ?? 0) - 1;
  if (others > 0 && freePages(host) === 0) return 0;
  return zbytes <= 1024 ? 1 : 2;
}

/** The oldest compressed page goes to swap. */
function evict(vm: SlowVm): boolean {
  const oldest = vm.cache.shift();
  if (oldest === undefined) return false;
  oldest.page.state = "swapped";
  writeToSwap(oldest.page);
  vm.counts.zipEvicted++;
  return true;
}

function writeToSwap(page: SlowPage): void {
  page.vm.counts.swapOut++;
  if (page.isInSwap) page.vm.counts.cleanSwapOut++;
  page.isInSwap = true;
}

/** A compressed page leaves the cache. */
export function unzip(page: SlowPage): void {
  page.vm.cache = page.vm.cache.filter((slot) => slot.page !== page);
}

/** One turn of the swapper. */
export function swapTurn(host: SlowHost): void {
  const { swap } = host.mechanisms;
  if (swap === undefined) return;
  for (const vm of host.vms) {
    if (vm.pageOutLeft === 0) {
      vm.swapCredit = 0;
      continue;
    }
    vm.swapCredit += (swap.rate * swap.period) / 1e9;
    const most = Math.floor(vm.swapCredit);
    vm.swapCredit %= 1;
    let taken = 0;
    while (taken < most && vm.pageOutLeft > 0 && allocation(host, vm) > vm.target.targetPages && pageOut(host, vm, NO_PAGE)) {
      taken++;
      vm.pageOutLeft--;
    }
    if (taken > 0) act(host, "page out", vm.name, taken, vm.target.reason);
  }
  checkState(host);
}
