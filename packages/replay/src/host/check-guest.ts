import { assert } from "@tidemark/data/shapes";
import { GUEST_OUT } from "./guest-page.ts";
import type { HostVm } from "./host-vm.ts";
import { STALL_CAUSES } from "./stalls.ts";

/** What is kept of a VM beside its pages, recounted: its guest's swap, its waits, and that nothing is left of one that is off. */
export function checkGuest({ vm, marks, writtenBy, guestSwapped, settings, stalls, isOff, guestPages, sharedPages, cache }: HostVm): void {
  let inSwap = 0;
  for (let ppn = 0; ppn < vm.configuredPages; ppn++) if ((marks[ppn] & GUEST_OUT) !== 0 && writtenBy[ppn] > 0) inSwap++;
  assert(inSwap === guestSwapped, `${vm.name}: the guest's swap has ${inSwap} pages, the count says ${guestSwapped}`);
  assert(inSwap <= settings.guestSwapPages, `${vm.name}: the guest's swap has ${inSwap} pages, and room for ${settings.guestSwapPages}`);
  const waited = STALL_CAUSES.reduce((sum, _, cause) => sum + stalls.ns(cause), 0);
  assert(waited === stalls.totalNs, `${vm.name}: waited ${waited} ns, the count says ${stalls.totalNs}`);
  if (!isOff) return;
  const { ballooned, swapped, zipped } = vm.away;
  const left = [vm.grantedPages, ballooned, swapped, zipped, sharedPages, cache?.pages ?? 0, ...guestPages.sizes];
  assert(
    left.every((pages) => pages === 0),
    `${vm.name}: is off and has ${left.join(", ")} resident, ballooned, swapped, zipped, shared, cached, free and pinned pages`,
  );
}
