import { formatTime, type Values } from "@tidemark/data/shapes";
import { PageQueues } from "../page-queues.ts";
import { NO_PAGE } from "../policy.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import type { PROACTIVE } from "./mechanism-params.ts";
import { mayPageOut, takePage } from "./page-out.ts";
import { checkState } from "./rebalance.ts";

/** Proactive reclaim at work. */
export interface ProactiveReclaim {
  /** Looks at the accessed bits of all resident pages, and clears them. */
  look(): void;
  /** Takes what has been cold for long enough. */
  reclaim(): void;
}

/** The only queue. */
const SEEN = 0;

/** What the looks have seen of one VM: its resident pages, the one touched longest ago first. Some may be gone since. */
interface Watch {
  readonly hv: HostVm;
  readonly pages: PageQueues;
  /** By PPN: the look that saw the page touched last, or resident first. */
  readonly seenNs: Float64Array;
  /** Rows played at the last look: a page touched by a later row has its accessed bit set. */
  rows: number;
  taken: number;
}

/**
 * Proactive reclaim, as Linux DAMON_RECLAIM does it: pages that were not touched for `age`, as looks at the accessed bits have it, are
 * paged out, those of the whole host that were touched longest ago first, up to a quota; of equal ones those of the earlier VM, then the
 * one with the lower PPN; one that was shared instead stands behind all seen by then. Departures: every page is looked at, not a sample
 * of regions; it acts whatever memory is free.
 */
export function createProactiveReclaim(host: Host, { age, quota, period }: Values<typeof PROACTIVE>): ProactiveReclaim {
  const watches = host.vms.map((hv): Watch => ({
    hv,
    pages: new PageQueues(hv.vm.configuredPages, 1),
    seenNs: new Float64Array(hv.vm.configuredPages),
    rows: 0,
    taken: 0,
  }));
  const ageNs = age / host.timeScale;
  const pagesPerTurn = Math.max(1, Math.floor((quota * period) / 1e9));
  return {
    look() {
      for (const watch of watches) lookAt(watch, host.nowNs);
    },
    reclaim() {
      for (let left = pagesPerTurn; left > 0; left--) {
        const coldest = coldestOf(host, watches);
        if (coldest === undefined || host.nowNs - coldest.seenNs[coldest.pages.oldest(SEEN)] < ageNs) break;
        take(host, coldest);
      }
      for (const watch of watches) {
        const { hv, taken } = watch;
        if (taken === 0) continue;
        watch.taken = 0;
        hv.counts.proactive += taken;
        hv.stalls.endTick();
        host.actions.add(host.nowNs, "proactive", hv.vm.name, taken, `not seen touched for ${formatTime(age)}`);
      }
      checkState(host);
    },
  };
}

function lookAt(watch: Watch, nowNs: number): void {
  const { hv, pages, seenNs, rows } = watch;
  const { vm, touchedBy, admittedBy } = hv;
  for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
    const isQueued = pages.queueOf(ppn) === SEEN;
    if (vm.pmap[ppn] < 0 || (isQueued && touchedBy[ppn] <= rows && admittedBy[ppn] <= rows)) continue;
    if (isQueued) pages.renew(ppn);
    else pages.append(ppn, SEEN);
    seenNs[ppn] = nowNs;
  }
  watch.rows = hv.rows;
}

/** The VM that has the page touched longest ago, among those from which something may be taken. */
function coldestOf(host: Host, watches: readonly Watch[]): Watch | undefined {
  let coldest: Watch | undefined;
  let coldestNs = Infinity;
  for (const watch of watches) {
    const ppn = oldestPresent(watch);
    if (ppn === NO_PAGE || watch.seenNs[ppn] >= coldestNs || !mayPageOut(host, watch.hv)) continue;
    coldest = watch;
    coldestNs = watch.seenNs[ppn];
  }
  return coldest;
}

/** Drops from the queue's end what was taken since the last look, and what has come back since: the next look sees that anew. */
function oldestPresent({ hv, pages, rows }: Watch): number {
  for (;;) {
    const ppn = pages.oldest(SEEN);
    if (ppn === NO_PAGE || (hv.vm.pmap[ppn] >= 0 && hv.admittedBy[ppn] <= rows)) return ppn;
    pages.remove(ppn);
  }
}

function take(host: Host, watch: Watch): void {
  const { hv, pages, seenNs } = watch;
  const ppn = pages.oldest(SEEN);
  takePage(host, hv, ppn);
  watch.taken++;
  if (hv.vm.pmap[ppn] < 0) pages.remove(ppn);
  else {
    // Shared instead: it has time to be touched again.
    pages.renew(ppn);
    seenNs[ppn] = host.nowNs;
  }
}
