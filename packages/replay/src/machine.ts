import { BLOCK_PAGES, NONE, type TracedPpns } from "@tidemark/data";
import { createCensus, type Census } from "./census.ts";
import type { Groups } from "./groups.ts";

/** A PPN's place in `pmap` when no machine page backs it. */
export const UNBACKED = -1;

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
  /** PPN → MPN, or UNBACKED. */
  readonly pmap: Int32Array;
  /** RECORD numbers per PPN: epoch of the last touch and write (0 never), group, epoch of the trace's last touch. */
  readonly seen: Int32Array;
  readonly groups: Groups;
  readonly census: Census;
  /** Per page (not PPN): owner of the page's user-half address space; KERNEL_OWNER in the kernel half. */
  readonly userOwner: Uint8Array | Uint16Array | Uint32Array;
  /** Per page: its VPN; empty where PPNs are synthesised, for then VPN = PPN means nothing. */
  readonly vpnOf: Float64Array;
  grantedPages: number;
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

/** The host. Arrays have one slot per machine page (MPN). */
export interface Machine {
  readonly sizePages: number;
  readonly vms: readonly Vm[];
  /** References to the frame; 0 is free. */
  readonly refs: Uint16Array;
  /** VM and PPN that the frame was first given to; meaningless when free. */
  readonly vmOf: Uint16Array;
  readonly ppnOf: Uint32Array;
  /** MPNs below this have been given out at least once; MPNs from here on are free. */
  freshMpn: number;
  /** Frames with more than one reference. */
  sharedFrames: number;
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

/** A host as large as its VMs together: nothing is ever reclaimed. `epochs` and `lookBackEpochs` as in `createCensus`. */
export function createMachine(plans: readonly VmPlan[], epochs: number, lookBackEpochs: number): Machine {
  const sizePages = plans.reduce((sum, plan) => sum + plan.configuredPages, 0);
  return {
    sizePages,
    vms: plans.map((plan) => createVm(plan, epochs, lookBackEpochs)),
    refs: new Uint16Array(sizePages),
    vmOf: new Uint16Array(sizePages),
    ppnOf: new Uint32Array(sizePages).fill(NONE),
    freshMpn: 0,
    sharedFrames: 0,
    fetched: 0,
  };
}

function createVm(plan: VmPlan, epochs: number, lookBackEpochs: number): Vm {
  return {
    ...plan,
    pmap: new Int32Array(plan.configuredPages).fill(UNBACKED),
    seen: new Int32Array(RECORD * plan.configuredPages),
    census: createCensus(epochs, lookBackEpochs),
    grantedPages: 0,
    touchedPages: 0,
    allocatedPages: 0,
    allocatorEvents: 0,
    faults: 0,
    zeroedPages: 0,
    outsideAccesses: 0,
  };
}

/** Writes each page's last touch of the trace into its record. `epochOf`: the epoch that covers a time. */
export function tellFuture(vm: Vm, ppns: TracedPpns, epochOf: (timeNs: number) => number): void {
  for (let i = 0; i < ppns.ppn.length; i++) {
    const ppn = ppns.ppn[i];
    if (ppn < vm.configuredPages) vm.seen[RECORD * ppn + FINAL] = epochOf(ppns.lastNs[i]);
  }
}

/** Begin of the block of a PPN and the PPN after it: 2 MB blocks are cut at the configured size. */
export const blockStart = (vm: Vm, ppn: number): number => (vm.blockPages === 1 ? ppn : ppn - (ppn % BLOCK_PAGES));
export const blockEnd = (vm: Vm, ppn: number): number => Math.min(blockStart(vm, ppn) + vm.blockPages, vm.configuredPages);
