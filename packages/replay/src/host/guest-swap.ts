import { GUEST_OUT } from "./guest-page.ts";
import type { HostVm } from "./host-vm.ts";

/** Whether the guest can page this page out: what was never written it reads again from a file, the rest needs room in its swap. */
export const canPageOut = ({ writtenBy, guestSwapped, settings }: HostVm, ppn: number): boolean =>
  writtenBy[ppn] === 0 || guestSwapped < settings.guestSwapPages;

/** The guest has paged a page out. */
export function enterGuestSwap(hv: HostVm, ppn: number): void {
  hv.marks[ppn] |= GUEST_OUT;
  if (hv.writtenBy[ppn] > 0) hv.guestSwapped++;
}

/** The guest has a page that it had paged out in use again, or needs it no more. */
export function leaveGuestSwap(hv: HostVm, ppn: number): void {
  hv.marks[ppn] &= ~GUEST_OUT;
  if (hv.writtenBy[ppn] > 0) hv.guestSwapped--;
}
