import { assert, BLOCK_PAGES } from "@tidemark/data";
import { FREED } from "../groups.ts";
import { BALLOONED, freePages, GROUP, RECORD, SWAPPED, UNBACKED, ZIPPED } from "../machine.ts";
import { CLEAN_IN_SWAP, GUEST_OUT } from "./guest-page.ts";
import type { Host } from "./host.ts";
import { GUEST_FREE, PINNED, type HostVm } from "./host-vm.ts";
import { nextState } from "./memory-state.ts";
import { isLarge, trapsOf } from "./pages.ts";
import { ABSENT, HINT, SHARED } from "./share-table.ts";

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
    const holds = (law: boolean, what: string): void => assert(law, `${vm.name}: PPN ${ppn} in state ${state} ${what}`);
    holds(trap[ppn] === trapsOf(host, hv, ppn), `has traps ${trap[ppn]}`);
    holds((told[ppn] === 1) === state >= 0, `is ${told[ppn] === 1 ? "" : "not "}resident to the policy`);
    holds((queue === PINNED) === (state === BALLOONED), `is in the guest's queue ${queue}`);
    holds(queue !== GUEST_FREE || isFreed || isOut, "is free in the guest, which has it in use");
    holds(!isOut || queue === PINNED || queue === GUEST_FREE, "was paged out by the guest, and is neither pinned nor free");
    holds(slot > 0 === (state === ZIPPED), `has ${slot} quarters of the cache`);
    holds(isClean || state !== SWAPPED, "is not in the swap file");
    holds(!isClean || (state !== UNBACKED && state !== BALLOONED), "is in the swap file");
    holds(state >= 0 || !isLarge(hv, ppn), "lies in a whole 2 MB block");
    quarters += slot;
    if (state < 0) continue;
    holds(
      !isLarge(hv, ppn) || (refsOf(host, state) === 1 && table.kindOf(state) === ABSENT),
      "lies in a whole 2 MB block, and is known to page sharing",
    );
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
  assert(
    hv.counts.swapIn <= hv.counts.swapOut,
    `${vm.name}: ${hv.counts.swapIn} pages came from a swap file that got ${hv.counts.swapOut}`,
  );
  for (const block of hv.largeBlocks.keys())
    assert(hv.largeBlocks[block] === 0 || block * BLOCK_PAGES < vm.configuredPages, `${vm.name}: block ${block} is beyond its memory`);
}

const refsOf = (host: Host, mpn: number): number => host.machine.refs[mpn];

/** The table of page sharing has every frame with several references, and knows whose every hint is. */
function checkTable({ machine: { refs, sizePages }, shared: { table, hintVm, hintPpn }, vms }: Host): void {
  let hints = 0;
  let shared = 0;
  for (let mpn = 0; mpn < sizePages; mpn++) {
    const kind = table.kindOf(mpn);
    if (kind === SHARED) {
      shared++;
      assert(table.refsOf(mpn) === refs[mpn], `MPN ${mpn} has ${refs[mpn]} references, the table counts ${table.refsOf(mpn)}`);
      continue;
    }
    assert(refs[mpn] <= 1, `MPN ${mpn} has ${refs[mpn]} references and is not shared`);
    if (kind !== HINT) continue;
    hints++;
    assert(vms[hintVm[mpn]].vm.pmap[hintPpn[mpn]] === mpn, `MPN ${mpn} has a hint of a page that is elsewhere`);
  }
  assert(
    hints === table.hints && shared === table.sharedPages,
    `${hints} hints and ${shared} shared frames, counted ${table.hints} and ${table.sharedPages}`,
  );
}
