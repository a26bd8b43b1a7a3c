import { NO_QUEUE, PageQueues } from "../page-queues.ts";
import { NO_PAGE } from "../policy.ts";
import { isInUse, type GuestLru } from "./guest-lru.ts";
import { canPageOut } from "./guest-swap.ts";
import { TOUCH_TRAPS, WRITE_TRAPS, type HostVm } from "./host-vm.ts";

/** Queues: the two lists, and pages that the guest's swap had no room for. */
const INACTIVE = 0,
  ACTIVE = 1,
  ASIDE = 2;

/** 1 GB of pages. */
const GB_PAGES = 2 ** 18;

/** Linux's inactive_ratio: so many active pages to an inactive one, by the size of both lists (Linux mm/vmscan.c, inactive_is_low). */
export function inactiveRatio(pages: number): number {
  const gb = Math.floor(pages / GB_PAGES);
  return gb === 0 ? 1 : Math.floor(Math.sqrt(10 * gb));
}

/**
 * The active and the inactive list of Linux, with second chances. A page joins the inactive list when it is first touched. Only when
 * memory is wanted does the guest look, at the page that stands longest on the inactive list: one that was touched since it was last
 * looked at has another round there, or, if that is so for the second time, goes to the active list; one that was not goes. Before
 * each look the oldest active pages become inactive while those are too few; what touches they had is forgotten.
 */
export class TwoLists implements GuestLru {
  readonly #lists: PageQueues;
  /** By PPN: the VM's rows when the guest last looked at its accessed bit, and 1 where the last look found it set. */
  readonly #lookedAt: Float64Array;
  readonly #referenced: Uint8Array;

  constructor(pages: number) {
    this.#lists = new PageQueues(pages, 3);
    this.#lookedAt = new Float64Array(pages);
    this.#referenced = new Uint8Array(pages);
  }

  /** A page on no list joins one when it is touched. */
  awaits(ppn: number): boolean {
    return this.#lists.queueOf(ppn) === NO_QUEUE;
  }

  touched(ppn: number): void {
    this.#lists.append(ppn, INACTIVE);
    this.#referenced[ppn] = 0;
  }

  left(ppn: number): boolean {
    if (this.awaits(ppn)) return false;
    this.#lists.remove(ppn);
    return true;
  }

  /** Pages that came back without a touch are on no list. */
  forget(): void {}

  leastRecent(hv: HostVm): number {
    const lists = this.#lists;
    if (hv.guestSwapped < hv.settings.guestSwapPages) while (lists.sizes[ASIDE] > 0) lists.move(lists.oldest(ASIDE), INACTIVE);
    for (;;) {
      this.#deactivate(hv);
      const ppn = lists.oldest(INACTIVE);
      if (ppn === NO_PAGE) return NO_PAGE;
      if (!isInUse(hv, ppn)) {
        lists.remove(ppn);
        hv.trap[ppn] = TOUCH_TRAPS | WRITE_TRAPS;
      } else if (!canPageOut(hv, ppn)) lists.move(ppn, ASIDE);
      else if (!this.#lookAt(hv, ppn)) {
        lists.remove(ppn);
        return ppn;
      }
    }
  }

  /** Whether a page on the inactive list has a further chance. */
  #lookAt(hv: HostVm, ppn: number): boolean {
    const isTouched = this.#takeBit(hv, ppn);
    const wasReferenced = this.#referenced[ppn] === 1;
    this.#referenced[ppn] = isTouched ? 1 : 0;
    if (isTouched) this.#lists.move(ppn, wasReferenced ? ACTIVE : INACTIVE);
    return isTouched;
  }

  /** Reads the accessed bit, and clears it. */
  #takeBit({ touchedBy, rows }: HostVm, ppn: number): boolean {
    const isTouched = touchedBy[ppn] > this.#lookedAt[ppn];
    this.#lookedAt[ppn] = rows;
    return isTouched;
  }

  #deactivate(hv: HostVm): void {
    const { sizes } = this.#lists;
    const ratio = inactiveRatio(sizes[INACTIVE] + sizes[ACTIVE]);
    while (sizes[INACTIVE] * ratio < sizes[ACTIVE]) {
      const ppn = this.#lists.oldest(ACTIVE);
      this.#takeBit(hv, ppn);
      this.#lists.move(ppn, INACTIVE);
    }
  }
}
