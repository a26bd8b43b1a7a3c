import { assert } from "@tidemark/data/shapes";
import { FREED } from "../groups.ts";
import { BALLOONED, freePages, GROUP, RECORD, SWAPPED, UNBACKED, ZIPPED } from "../machine.ts";
import { checkGuest } from "./check-guest.ts";
import { CLEAN_IN_SWAP, GUEST_OUT } from "./guest-page.ts";
import type { Host } from "./host.ts";
import { GUEST_FREE, PINNED, type HostVm } from "./host-vm.ts";
import { nextState } from "./memory-state.ts";
import { isLarge, trapsOf } from "./pages.ts";
import { ABSENT, HINT, SHARED } from "./share-table.ts";
import { allocatedPages } from "./targets.ts";

/**
 * What the host's mechanisms keep of the machine, recounted page by page: it must hold after every access row and at every tick. Slow and
 * obvious on purpose, as `checkMachine`, which it goes with.
 */
export function checkHost(host: Host): void {
  const { machine, vms, state, thresholds } = host;
  const free = freePages(machine);
  assert(free >= 0, `${free} frames are free`);
  assert(nextState(state, free, thresholds) === state, `state ${state} at ${free} free frames: a crossing was missed`);
  let cachePages = 0;
  for (const hv of vms) {
    checkPages(host, hv);
    checkGuest(hv);
    cachePages += hv.cache?.pages ?? 0;
  }
  assert(cachePages === machine.zipCachePages, `caches have ${cachePages} frames, the machine counts ${machine.zipCachePages}`);
  checkTable(host);
}

function checkPages(host: Host, hv: HostVm): void {
  const { vm, trap, told, guestPages, marks, cache } = hv;
  const { table } = host.shared;
  const references = new Map<number, number>();
  let quarters = 0;
  let shared = 0;
  for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
    const state = vm.pmap[ppn];
    const queue = guestPages.queueOf(ppn);
    const isFreed = vm.groups.allocator[vm.seen[RECORD * ppn + GROUP]] === FREED;
    const isOut = (marks[ppn] & GUEST_OUT) !== 0;
    const isClean = (marks[ppn] & CLEAN_IN_SWAP) !== 0;
    const slot = cache?.quartersOf(ppn) ?? 0;
    if (trap[ppn] !== trapsOf(host, hv, ppn)) broken(hv, ppn, `has traps ${trap[ppn]}`);
    if ((told[ppn] === 1) !== state >= 0) broken(hv, ppn, `is ${told[ppn] === 1 ? "" : "not "}resident to the policy`);
    if ((queue === PINNED) !== (state === BALLOONED)) broken(hv, ppn, `is in the guest's queue ${queue}`);
    if (queue === GUEST_FREE && !isFreed && !isOut) broken(hv, ppn, "is free in the guest, which has it in use");
    if (isOut && queue !== PINNED && queue !== GUEST_FREE) broken(hv, ppn, "was paged out by the guest, and is neither pinned nor free");
    if (slot > 0 !== (state === ZIPPED)) broken(hv, ppn, `has ${slot} quarters of the cache`);
    if (state === SWAPPED && !isClean) broken(hv, ppn, "is not in the swap file");
    if (isClean && (state === UNBACKED || state === BALLOONED)) broken(hv, ppn, "is in the swap file");
    if (state < 0 && isLarge(hv, ppn)) broken(hv, ppn, "lies in a whole 2 MB block");
    quarters += slot;
    if (state < 0) continue;
    if (isLarge(hv, ppn) && (refsOf(host, state) !== 1 || table.kindOf(state) !== ABSENT))
      broken(hv, ppn, "lies in a whole 2 MB block, and is known to page sharing");
    if (table.kindOf(state) !== SHARED) continue;
    shared++;
    references.set(refsOf(host, state), (references.get(refsOf(host, state)) ?? 0) + 1);
  }
  assert(cache === undefined || Math.ceil(quarters / 4) === cache.pages, `${vm.name}: ${quarters} quarters are ${cache?.pages} frames`);
  assert(cache === undefined || cache.pages <= cache.capPages, `${vm.name}: the cache is over its cap`);
  assert(shared === hv.sharedPages, `${vm.name}: ${shared} pages are shared, the count says ${hv.sharedPages}`);
  const counted = host.shared.references(hv.number);
  assert(counted.size === references.size, `${vm.name}: references to ${references.size} sizes of shared frames, counted ${counted.size}`);
  for (const [k, n] of references)
    assert(counted.get(k) === n, `${vm.name}: ${n} references to frames with ${k}, counted ${counted.get(k)}`);
  const charged = allocatedPages(references, 0);
  assert(
    charged === host.shared.charged(hv.number),
    `${vm.name}: charged ${charged} for shared frames, kept ${host.shared.charged(hv.number)}`,
  );
  assert(
    hv.counts.swapIn <= hv.counts.swapOut,
    `${vm.name}: ${hv.counts.swapIn} pages came from a swap file that got ${hv.counts.swapOut}`,
  );
}

/** Composes its message only when it is needed: there may be millions of pages. */
function broken({ vm }: HostVm, ppn: number, what: string): never {
  throw new Error(`bug: ${vm.name}: PPN ${ppn} in state ${vm.pmap[ppn]} ${what}`);
}

const refsOf = (host: Host, mpn: number): number => host.machine.refs[mpn];

/** The table of page sharing has every frame with several references, and knows whose every hint is. */
function checkTable({ machine: { refs }, shared: { table, hintVm, hintPpn }, vms }: Host): void {
  let hints = 0;
  let shared = 0;
  for (let mpn = 0; mpn < refs.length; mpn++) {
    const kind = table.kindOf(mpn);
    if (kind === SHARED) {
      shared++;
      if (table.refsOf(mpn) !== refs[mpn])
        throw new Error(`bug: MPN ${mpn} has ${refs[mpn]} references, the table counts ${table.refsOf(mpn)}`);
      continue;
    }
    if (refs[mpn] > 1) throw new Error(`bug: MPN ${mpn} has ${refs[mpn]} references and is not shared`);
    if (kind !== HINT) continue;
    hints++;
    if (vms[hintVm[mpn]].vm.pmap[hintPpn[mpn]] !== mpn) throw new Error(`bug: MPN ${mpn} has a hint of a page that is elsewhere`);
  }
  assert(
    hints === table.hints && shared === table.sharedPages,
    `${hints} hints and ${shared} shared frames, counted ${table.hints} and ${table.sharedPages}`,
  );
}
