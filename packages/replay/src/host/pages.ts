import { BLOCK_PAGES } from "@tidemark/data/shapes";
import { blockEnd, blockStart, leaveFrame, settle } from "../machine.ts";
import { CLEAN_IN_SWAP, GUEST_OUT } from "./guest-page.ts";
import type { Host } from "./host.ts";
import { TOUCH_TRAPS, WRITE_TRAPS, type HostVm } from "./host-vm.ts";
import { LARGE_BREAK } from "./stalls.ts";
import { HINT, SHARED } from "./share-table.ts";

/** Pages charged to a VM: its frames, its part of shared ones, its compression cache. */
export function allocationOf({ shared }: Host, { vm, number, sharedPages, cache }: HostVm): number {
  const cachePages = cache === undefined ? 0 : cache.pages;
  const own = vm.grantedPages - sharedPages + cachePages;
  return sharedPages === 0 ? own : shared.charged(number) + own;
}

/** Whether a VM is charged for more than so many pages. Its part of shared ones is only added up where that decides. */
export function isChargedMoreThan(host: Host, hv: HostVm, pages: number): boolean {
  const { vm, sharedPages, cache } = hv;
  return vm.grantedPages - sharedPages + (cache === undefined ? 0 : cache.pages) > pages || allocationOf(host, hv) > pages;
}

/** Which accesses to a resident page the host must see from now on. */
export function setTraps(host: Host, hv: HostVm, ppn: number): void {
  hv.trap[ppn] = trapsOf(host, hv, ppn);
}

/**
 * All of a page that the guest has paged out, behind which there is memory all the same, and of one that the guest's reclaim awaits;
 * writes that change what the host knows of a page.
 */
export function trapsOf(host: Host, { vm, contents, marks, guestLru }: HostVm, ppn: number): number {
  if (vm.pmap[ppn] < 0 || (marks[ppn] & GUEST_OUT) !== 0 || guestLru.awaits(ppn)) return TOUCH_TRAPS | WRITE_TRAPS;
  const seesWrites =
    host.shared.table.kindOf(vm.pmap[ppn]) === SHARED ||
    (marks[ppn] & CLEAN_IN_SWAP) !== 0 ||
    (contents !== undefined && !contents.isEndState && contents.holds[ppn] === 1);
  return seesWrites ? WRITE_TRAPS : 0;
}

/** An absent page becomes resident in a frame that was taken for it. */
export function becomeResident(host: Host, hv: HostVm, ppn: number, mpn: number, isWrite: boolean): void {
  settle(hv.vm, ppn, mpn);
  setTraps(host, hv, ppn);
  hv.bitsTaken[ppn] = hv.admittedBy[ppn] = hv.rows + 1; // the access that admits a page leaves no A bit
  hv.reclaimer.admitted(ppn, isWrite);
}

/** A resident page gives up its memory and is in `state` from now on. */
export function letGo(host: Host, hv: HostVm, ppn: number, state: number, isPagedOut: boolean): void {
  const { machine } = host;
  const mpn = hv.vm.pmap[ppn];
  leaveTable(host, hv, mpn);
  settle(hv.vm, ppn, state);
  leaveFrame(machine, mpn);
  hv.trap[ppn] = TOUCH_TRAPS | WRITE_TRAPS;
  hv.reclaimer.removed(ppn, isPagedOut);
  host.translations?.forget(hv.number, ppn);
}

/** A page's frame is no longer what page sharing knows of it: its hint goes, or its reference. */
export function leaveTable({ shared }: Host, hv: HostVm, mpn: number): void {
  const { table } = shared;
  const kind = table.kindOf(mpn);
  if (kind === HINT) table.remove(mpn);
  if (kind !== SHARED) return;
  table.unreference(mpn);
  shared.leave(mpn, hv.number);
  hv.sharedPages--;
}

/** Whether a page lies in a 2 MB block that is whole. */
export const isLarge = ({ largeBlocks }: HostVm, ppn: number): boolean => largeBlocks[Math.floor(ppn / BLOCK_PAGES)] === 1;

/** Breaks the 2 MB block of a page into 4 KB pages; frames stay where they are. */
export function breakBlock(host: Host, hv: HostVm, ppn: number, reason: string): void {
  hv.largeBlocks[Math.floor(ppn / BLOCK_PAGES)] = 0;
  hv.brokenBlocks.push(Math.floor(ppn / BLOCK_PAGES));
  hv.counts.blocksBroken++;
  hv.stalls.add(LARGE_BREAK);
  host.actions.add(host.nowNs, "break", hv.vm.name, blockEnd(hv.vm, ppn) - blockStart(hv.vm, ppn), reason);
}
