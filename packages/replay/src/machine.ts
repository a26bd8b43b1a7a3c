import { BLOCK_PAGES, type TracedPpns } from "@tidemark/data/shapes";
import { createCensus, rowStart, SLACK_ROW, type Census } from "./census.ts";
import type { Groups } from "./groups.ts";
import { PageSet } from "./page-set.ts";

/** A PPN's place in `pmap` when no machine page backs it: never, or no longer. */
export const UNBACKED = -1,
  BALLOONED = -2,
  SWAPPED = -3,
  ZIPPED = -4;

/** Fields of a page's record in `Vm.seen`; four to a page, so that one cache line has all of them. */
export const LAST_TOUCH = 0,
  LAST_WRITE = 1,
  GROUP = 2,
  FINAL = 3,
  RECORD = 4;

/** One guest on the host. Arrays have one slot per PPN unless said otherwise. */
export interface Vm {
  readonly name: string;
  readonly configuredPages: number;
  /** Pages backed together: 1 (4 KB) or 512 (2 MB). */
  readonly blockPages: number;
  /** PPN → MPN, or a state below 0. */
  readonly pmap: Int32Array;
  /** PPNs with an MPN. */
  readonly resident: PageSet;
  /** RECORD numbers per PPN: epoch of the last touch and write (0 never), group, epoch of the trace's last touch. */
  readonly seen: Int32Array;
  readonly groups: Groups;
  readonly census: Census;
  /** Per page (not PPN): owner of the page's user-half address space; KERNEL_OWNER in the kernel half. */
  readonly userOwner: Uint8Array | Uint16Array | Uint32Array;
  /** Per page: its VPN; empty where PPNs are synthesised, for then VPN = PPN means nothing. */
  readonly vpnOf: Float64Array;
  grantedPages: number;
  /** Pages that were taken back. */
  readonly away: Away;
  /** Resident pages the guest has touched; granted − touched is slack. */
  touchedPages: number;
  /** Pages whose last guest event is an alloc. */
  allocatedPages: number;
  allocatorEvents: number;
  /** First touches that backed a page or block. */
  faults: number;
  zeroedPages: number;
  outsideAccesses: number;
}

/** Pages of a VM that are neither resident nor unbacked. */
interface Away {
  ballooned: number;
  swapped: number;
  zipped: number;
  /** Pages that are not resident, by epoch of their last touch. */
  readonly touched: Int32Array;
}

/** The host. Arrays have one slot per machine page (MPN) that its VMs can fill at once. */
export interface Machine {
  readonly sizePages: number;
  readonly vms: readonly Vm[];
  /** References to the frame; 0 is free. */
  readonly refs: Uint32Array;
  /** MPNs below this have been given out at least once; MPNs from here on are free. */
  freshMpn: number;
  /** Given out before and free again; the last one is given out first. */
  readonly freedMpns: number[];
  /** Frames that hold no page of a VM: the hypervisor's own, and the compression caches'. */
  overheadPages: number;
  zipCachePages: number;
  /** Frames with more than one reference. */
  sharedFrames: number;
  /** A VM's references to frames that page sharing keeps, by the frame's references: where somebody keeps count of them. */
  sharedBy: ((v: number) => ReadonlyMap<number, number>) | undefined;
  /** Means nothing: where the touch loop leaves what it read ahead, lest the reads be optimised away. */
  fetched: number;
}

export interface VmPlan {
  readonly name: string;
  readonly configuredPages: number;
  readonly blockPages: number;
  readonly groups: Groups;
  readonly userOwner: Uint8Array | Uint16Array | Uint32Array;
  readonly vpnOf: Float64Array;
}

/** A host of `sizePages`; as large as its VMs together, nothing is ever reclaimed. `epochs` and `lookBackEpochs` as in `createCensus`. */
export function createMachine(plans: readonly VmPlan[], epochs: number, lookBackEpochs: number, sizePages?: number): Machine {
  const configuredPages = plans.reduce((sum, plan) => sum + plan.configuredPages, 0);
  return {
    sizePages: sizePages ?? configuredPages,
    vms: plans.map((plan) => createVm(plan, epochs, lookBackEpochs)),
    refs: new Uint32Array(Math.min(sizePages ?? Infinity, configuredPages)),
    freshMpn: 0,
    freedMpns: [],
    overheadPages: 0,
    zipCachePages: 0,
    sharedFrames: 0,
    sharedBy: undefined,
    fetched: 0,
  };
}

function createVm(plan: VmPlan, epochs: number, lookBackEpochs: number): Vm {
  return {
    ...plan,
    pmap: new Int32Array(plan.configuredPages).fill(UNBACKED),
    resident: new PageSet(plan.configuredPages),
    seen: new Int32Array(RECORD * plan.configuredPages),
    census: createCensus(epochs, lookBackEpochs),
    grantedPages: 0,
    away: { ballooned: 0, swapped: 0, zipped: 0, touched: new Int32Array(epochs + 2) },
    touchedPages: 0,
    allocatedPages: 0,
    allocatorEvents: 0,
    faults: 0,
    zeroedPages: 0,
    outsideAccesses: 0,
  };
}

/** Writes each page's last touch of the trace into its record. `epochOf`: the epoch that covers a time. */
export function tellFuture(vm: Vm, ppns: Pick<TracedPpns, "ppn" | "lastNs">, epochOf: (timeNs: number) => number): void {
  for (let i = 0; i < ppns.ppn.length; i++) {
    const ppn = ppns.ppn[i];
    if (ppn < vm.configuredPages) vm.seen[RECORD * ppn + FINAL] = epochOf(ppns.lastNs[i]);
  }
}

/** Begin of the block of a PPN and the PPN after it: 2 MB blocks are cut at the configured size. */
export const blockStart = (vm: Vm, ppn: number): number => (vm.blockPages === 1 ? ppn : ppn - (ppn % BLOCK_PAGES));
export const blockEnd = (vm: Vm, ppn: number): number => Math.min(blockStart(vm, ppn) + vm.blockPages, vm.configuredPages);

/** Frames that nobody has. */
export const freePages = ({ sizePages, freshMpn, freedMpns, overheadPages, zipCachePages }: Machine): number =>
  sizePages - freshMpn + freedMpns.length - overheadPages - zipCachePages;

/** A free frame, for one page; whether there is one is the caller's to know. */
export function takeFrame(machine: Machine): number {
  const mpn = machine.freedMpns.pop() ?? machine.freshMpn++;
  machine.refs[mpn] = 1;
  return mpn;
}

/** A page gives up its reference to a frame, which is free if that was the last. */
export function leaveFrame(machine: Machine, mpn: number): void {
  const references = --machine.refs[mpn];
  if (references === 1) machine.sharedFrames--;
  if (references === 0) machine.freedMpns.push(mpn);
}

/**
 * A page becomes resident in a frame, or stops being so and is in `state` then: census, touches and counts follow. Its last touch
 * is what it was.
 */
export function settle(vm: Vm, ppn: number, mpnOrState: number): void {
  const before = vm.pmap[ppn];
  vm.pmap[ppn] = mpnOrState;
  if (before >= 0 !== mpnOrState >= 0) countResident(vm, ppn, mpnOrState >= 0 ? 1 : -1);
  if (before < 0) countAway(vm.away, before, -1);
  if (mpnOrState < 0) countAway(vm.away, mpnOrState, 1);
}

function countAway(away: Away, state: number, by: number): void {
  if (state === BALLOONED) away.ballooned += by;
  else if (state === SWAPPED) away.swapped += by;
  else if (state === ZIPPED) away.zipped += by;
}

function countResident(vm: Vm, ppn: number, by: 1 | -1): void {
  const { seen, census, away } = vm;
  const at = RECORD * ppn;
  const touch = seen[at + LAST_TOUCH];
  const write = seen[at + LAST_WRITE];
  const row = touch === 0 ? SLACK_ROW * census.stride : rowStart(census, touch);
  const final = touch !== 0 && seen[at + FINAL] === touch ? 1 : 0;
  census.cells[row + 2 * seen[at + GROUP] + final] += by;
  vm.grantedPages += by;
  if (by > 0) vm.resident.add(ppn);
  else vm.resident.remove(ppn);
  if (write !== 0) census.written[write] += by;
  if (touch === 0) return;
  census.touched[touch] += by;
  away.touched[touch] -= by;
  vm.touchedPages += by;
}
