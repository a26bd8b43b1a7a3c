import { freePages, settle, SWAPPED, ZIPPED } from "../machine.ts";
import { NO_PAGE } from "../policy.ts";
import { INCOMPRESSIBLE, slotQuarters } from "./compression.ts";
import { CLEAN_IN_SWAP } from "./guest-page.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { breakBlock, isChargedMoreThan, isLarge, letGo } from "./pages.ts";
import { sharePage } from "./share-page.ts";

/**
 * Takes one page of a VM: shared rather than taken, compressed rather than swapped (docs/host.md, Page-out). A VM that has no resident page
 * to give swaps its oldest compressed one. Returns whether there was one that may be taken: pages under reservation are not.
 * `incoming`: the page that waits for the memory, or NO_PAGE.
 */
export function pageOut(host: Host, hv: HostVm, incoming: number): boolean {
  if (!mayPageOut(host, hv)) return false;
  const ppn = hv.reclaimer.victim(incoming);
  if (ppn === NO_PAGE) return evictOldest(host, hv);
  takePage(host, hv, ppn);
  return true;
}

/** Whether anything may be taken from a VM: swap is on, and not all that it holds is under reservation. */
export const mayPageOut = (host: Host, hv: HostVm): boolean =>
  host.mechanisms.swap !== undefined && isChargedMoreThan(host, hv, hv.settings.reservationPages);

/** Takes this resident page; where it can be shared instead, it stays resident. */
export function takePage(host: Host, hv: HostVm, ppn: number): void {
  if (isLarge(hv, ppn)) breakBlock(host, hv, ppn, "a page of it is taken");
  if (host.mechanisms.share !== undefined && sharePage(host, hv, ppn, false)) {
    hv.counts.sharedBeforeSwap++;
    // It stays, behind all others: the policy would name it again.
    hv.reclaimer.removed(ppn, false);
    hv.reclaimer.admitted(ppn, false);
    return;
  }
  if (!compress(host, hv, ppn)) swapOut(host, hv, ppn);
}

function swapOut(host: Host, hv: HostVm, ppn: number): void {
  writeToSwap(hv, ppn);
  letGo(host, hv, ppn, SWAPPED, true);
}

/** Compresses a page into its VM's cache; the pages there unused longest go to swap to make room. False: it is to be swapped. */
function compress(host: Host, hv: HostVm, ppn: number): boolean {
  const { compress: params } = host.mechanisms;
  const { cache, contents } = hv;
  if (params === undefined || cache === undefined || cache.capPages === 0) return false;
  const known = contents === undefined ? 0 : contents.zbytes[ppn];
  const quarters = slotQuarters(known === 0 ? params.unknownBytes : known);
  if (quarters === INCOMPRESSIBLE) {
    hv.counts.incompressible++;
    return false;
  }
  // The page frees a frame, unless others use it too; the cache may need one.
  if (freePages(host.machine) === 0 && host.machine.refs[hv.vm.pmap[ppn]] > 1) return false;
  while (!cache.fits(quarters)) evictOldest(host, hv);
  letGo(host, hv, ppn, ZIPPED, true);
  const before = cache.pages;
  cache.put(ppn, quarters);
  host.machine.zipCachePages += cache.pages - before;
  hv.counts.zipped++;
  return true;
}

/** Swaps the compressed page unused longest. Returns whether there was one. */
function evictOldest({ machine }: Host, hv: HostVm): boolean {
  const { cache, vm } = hv;
  if (cache === undefined || cache.zippedPages === 0) return false;
  const ppn = cache.oldest;
  takeFromCache(hv, machine, ppn);
  settle(vm, ppn, SWAPPED);
  writeToSwap(hv, ppn);
  hv.counts.zipEvicted++;
  return true;
}

/** A page goes to the swap file, which may have it still. */
function writeToSwap({ counts, marks }: HostVm, ppn: number): void {
  counts.swapOut++;
  if ((marks[ppn] & CLEAN_IN_SWAP) !== 0) counts.cleanSwapOut++;
  marks[ppn] |= CLEAN_IN_SWAP;
}

/** A compressed page leaves the cache; what becomes of it is the caller's to say. */
export function takeFromCache(hv: HostVm, machine: Host["machine"], ppn: number): void {
  const { cache } = hv;
  if (cache === undefined) return;
  const before = cache.pages;
  cache.remove(ppn);
  machine.zipCachePages += cache.pages - before;
}
