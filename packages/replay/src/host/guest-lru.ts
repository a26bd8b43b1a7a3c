import { ALLOCATOR_UNKNOWN, FREED } from "../groups.ts";
import { BALLOONED, GROUP, RECORD } from "../machine.ts";
import { NO_PAGE } from "../policy.ts";
import { GUEST_OUT } from "./guest-page.ts";
import { canPageOut } from "./guest-swap.ts";
import type { HostVm } from "./host-vm.ts";

/** What the guest's own reclaim knows of its pages, and which of them it gives up. */
export interface GuestLru {
  /** Whether it must be told of the next touch of a page. */
  awaits(ppn: number): boolean;
  /** The guest touches a page that was awaited. */
  touched(ppn: number): void;
  /** The page is not its to give up any more: it was freed, or pinned, or the VM is off. Returns whether it is awaited only now. */
  left(ppn: number): boolean;
  /** Pages came into use, or back, without a touch. */
  forget(): void;
  /** The page to give up next, one that the guest has in use and can page out; NO_PAGE if there is none. */
  leastRecent(hv: HostVm): number;
}

/** Pages put in order at once, about. */
const SORTED = 4096;
/** Of so many pages one tells where the bound of those lies. */
const SAMPLED = 64;

/**
 * The guest's own pages in the exact order of their last touch. The least recent of them are put in order when somebody asks; what was
 * touched since stands behind all of those, so the order stays right until the last of them is gone.
 */
export class ExactLru implements GuestLru {
  #sorted = new Uint32Array(0);
  #touchedBy = new Float64Array(0);
  #at = 0;
  #keys = new Float64Array(0);
  /** Pages were passed over that the guest's swap had no room for. */
  #hasPassed = false;

  /** It sees the rows' numbers, without being told. */
  awaits(): boolean {
    return false;
  }

  touched(): void {}

  left(): boolean {
    return false;
  }

  /** The order is no longer right. */
  forget(): void {
    this.#at = this.#sorted.length;
  }

  leastRecent(hv: HostVm): number {
    if (this.#hasPassed && hv.guestSwapped < hv.settings.guestSwapPages) this.forget();
    for (;;) {
      for (; this.#at < this.#sorted.length; this.#at++) {
        const ppn = this.#sorted[this.#at];
        if (hv.touchedBy[ppn] !== this.#touchedBy[this.#at] || !isInUse(hv, ppn)) continue;
        if (canPageOut(hv, ppn)) {
          this.#at++;
          return ppn;
        }
        this.#hasPassed = true;
      }
      if (!this.#sort(hv)) return NO_PAGE;
    }
  }

  /** Puts the least recent pages in order, all that were touched before some row. False where there is none. */
  #sort(hv: HostVm): boolean {
    const { vm, touchedBy } = hv;
    const isOffered = (ppn: number): boolean => touchedBy[ppn] > 0 && isInUse(hv, ppn) && canPageOut(hv, ppn);
    this.#hasPassed = hv.guestSwapped >= hv.settings.guestSwapPages;
    if (this.#keys.length === 0) this.#keys = new Float64Array(vm.configuredPages);
    const keys = this.#keys;
    let n = 0;
    for (let ppn = 0; ppn < vm.configuredPages; ppn++) if (isOffered(ppn)) keys[n++] = touchedBy[ppn];
    let bound = Infinity;
    if (n > 2 * SORTED) {
      const sample = keys.subarray(0, n).filter((_, i) => i % SAMPLED === 0);
      bound = sample.sort()[SORTED / SAMPLED];
    }
    // A row touches one page: rows tell pages apart.
    const pages: number[] = [];
    for (let ppn = 0; ppn < vm.configuredPages; ppn++) if (touchedBy[ppn] <= bound && isOffered(ppn)) pages.push(ppn);
    pages.sort((a, b) => touchedBy[a] - touchedBy[b]);
    this.#sorted = Uint32Array.from(pages);
    this.#touchedBy = Float64Array.from(pages, (ppn) => touchedBy[ppn]);
    this.#at = 0;
    return pages.length > 0;
  }
}

/** Whether the guest uses a page. Where allocator events are known, only what is allocated is in use. */
export function isInUse(hv: HostVm, ppn: number): boolean {
  const { vm } = hv;
  if (vm.pmap[ppn] === BALLOONED || (hv.marks[ppn] & GUEST_OUT) !== 0) return false;
  const allocator = vm.groups.allocator[vm.seen[RECORD * ppn + GROUP]];
  return allocator !== FREED && (allocator !== ALLOCATOR_UNKNOWN || vm.allocatorEvents === 0);
}
