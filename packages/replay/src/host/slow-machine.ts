import type { Random } from "@tidemark/data/shapes";
import type { Reclaimer } from "../policy.ts";
import type { Action, ActionKind } from "./actions.ts";
import type { Mechanisms } from "./host.ts";
import type { HostCounts } from "./host-vm.ts";
import type { Thresholds } from "./min-free.ts";
import type { SlowLists } from "./slow-guest-lists.ts";
import { STALL_CAUSES, type StallCause } from "./stalls.ts";
import type { VmTarget } from "./targets.ts";

/**
 * The reference host: docs/host.md, in plain objects and lists. Nothing is kept that can be counted; no speed is wanted.
 * This file has what there is, and the counting.
 */
export type SlowState = "unbacked" | "resident" | "ballooned" | "swapped" | "zipped";

/** A machine page. Nothing but itself: who refers to it is counted. */
export interface SlowFrame {
  readonly made: true;
}

export interface SlowPage {
  readonly vm: SlowVm;
  readonly ppn: number;
  state: SlowState;
  /** Of a resident page. */
  frame: SlowFrame | undefined;
  /** The last access and the last write: its time, and its place among the VM's rows. */
  touched: { readonly timeNs: number; readonly row: number; readonly stretch: number } | undefined;
  written: { readonly timeNs: number } | undefined;
  /** Writes so far. */
  writes: number;
  /** A bit, and written since it was last taken; D bit. */
  accessed: boolean;
  rewritten: boolean;
  dirty: boolean;
  /** The swap file has what the page holds. */
  isInSwap: boolean;
  /** The guest paged it out. */
  isOut: boolean;
  /** Touched since the guest's reclaim looked last; and what that look found. */
  guestBit: boolean;
  wasReferenced: boolean;
  allocator: "unknown" | "allocated" | "free";
  readonly content: SlowContent | undefined;
  /** So many writes had been done when the page was last reported free: what it held then is lost. */
  lostAt: number | undefined;
  /** The hash that the last pass of the KSM scanner saw. */
  hashSeen: bigint | undefined;
  /** Of proactive reclaim: when a look saw it touched, or resident first, and the how manieth sight that was; touched since the last look. */
  seen: { readonly ns: number; readonly order: number } | undefined;
  touchedSinceSeen: boolean;
}

/** What the trace says that a page held, from its `writes`-th write on to the next. */
export interface SlowContent {
  readonly hash: bigint;
  readonly zbytes: number;
  readonly writes: number;
}

export interface SlowVm {
  readonly name: string;
  readonly pages: readonly SlowPage[];
  readonly isLargeBacked: boolean;
  readonly shares: number;
  readonly reservationPages: number;
  readonly limitPages: number;
  readonly overheadPages: number;
  readonly salt: string;
  readonly hasDriver: boolean;
  readonly guestSwapPages: number;
  readonly startNs: number;
  readonly stopNs: number;
  isOff: boolean;
  readonly policy: Reclaimer;
  readonly scanRandom: Random;
  /** What the reporting estimator says, pages; NaN while it cannot. */
  active(): number;
  /** Numbers of the 2 MB blocks that one large page backs. */
  readonly large: Set<number>;
  /** Pages of broken blocks, in the order in which they are to be scanned. */
  brokenPpns: number[];
  /** Compressed pages, oldest first. */
  cache: { readonly page: SlowPage; readonly quarters: number }[];
  /** PPNs that the guest has free, in the order they were freed; those that the balloon holds, in the order they were pinned. */
  free: number[];
  pinned: number[];
  readonly lists: SlowLists;
  /** Blocks of 2 MB that the guest has reported since a page of them was freed. */
  readonly reported: Set<number>;
  allocatorEvents: number;
  target: VmTarget;
  entitlementPages: number;
  pageOutLeft: number;
  scanCredit: number;
  swapCredit: number;
  rows: number;
  faults: number;
  zeroed: number;
  outside: number;
  readonly events: { [cause in StallCause]: number };
  /** What it had waited at Senpai's last turn, ns. */
  waitedAtSenpai: number;
  /** Waits of the rows that waited, ns. */
  readonly waits: number[];
  readonly counts: HostCounts;
}

/** What page sharing knows of a frame: a page's hint, or a frame that is copy-on-write. */
export interface SlowEntry {
  readonly salt: string;
  readonly hash: bigint;
  readonly frame: SlowFrame;
  readonly hinter: SlowPage;
  isShared: boolean;
}

export interface SlowHost {
  readonly machinePages: number;
  readonly hypervisorPages: number;
  /** Whether what a VM waits delays what it does later. */
  readonly isDilated: boolean;
  readonly scarcePercent: number;
  readonly thresholds: Thresholds;
  readonly mechanisms: Mechanisms;
  readonly costs: { readonly [cause in StallCause]: number };
  readonly timeScale: number;
  readonly isEndState: boolean;
  readonly vms: readonly SlowVm[];
  readonly actions: Action[];
  table: SlowEntry[];
  /** Place of the next page that the KSM scanner meets, of all VMs' in order, and batches that it has earned. */
  ksmNext: number;
  ksmBatches: number;
  /** Sights of proactive reclaim so far. */
  seenOrders: number;
  state: number;
  nowNs: number;
  /** The access at hand: whose it is, and what it waited. */
  row: { readonly vm: SlowVm; ns: number } | undefined;
}

export const PAGES_PER_BLOCK = 512;

export const allPages = ({ vms }: SlowHost): SlowPage[] => vms.flatMap(({ pages }) => pages);

export const inState = ({ pages }: SlowVm, state: SlowState): SlowPage[] => pages.filter((page) => page.state === state);

/** References to every frame that has any. */
export function references(host: SlowHost): Map<SlowFrame, number> {
  const counts = new Map<SlowFrame, number>();
  for (const { frame } of allPages(host)) if (frame !== undefined) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  return counts;
}

/** Frames of a VM's compression cache: four quarters make one. */
export const cachePages = ({ cache }: SlowVm): number => Math.ceil(cache.reduce((sum, { quarters }) => sum + quarters, 0) / 4);

/** What the hypervisor keeps for itself and for the VMs that were not powered off. */
export const overheadPages = ({ hypervisorPages, vms }: SlowHost): number =>
  vms.reduce((sum, { isOff, overheadPages: own }) => sum + (isOff ? 0 : own), hypervisorPages);

export const isRunning = ({ nowNs }: SlowHost, { startNs, isOff }: SlowVm): boolean => startNs <= nowNs && !isOff;

/** All that a VM has waited, ns. */
export const waitedNs = ({ costs }: SlowHost, { events }: SlowVm): number =>
  STALL_CAUSES.reduce((sum, cause) => sum + events[cause] * costs[cause], 0);

export const freePages = (host: SlowHost): number =>
  host.machinePages - overheadPages(host) - references(host).size - host.vms.reduce((sum, vm) => sum + cachePages(vm), 0);

/** How many of a VM's pages lie in frames with k references, by k. */
export function referencesBy(host: SlowHost, vm: SlowVm): Map<number, number> {
  const counts = references(host);
  const byCount = new Map<number, number>();
  for (const { frame } of vm.pages) {
    const k = frame === undefined ? 0 : (counts.get(frame) ?? 0);
    if (k > 0) byCount.set(k, (byCount.get(k) ?? 0) + 1);
  }
  return byCount;
}

/** Frames charged to a VM, 1/k of those with k references, a started one in full; and its compression cache. */
export function allocation(host: SlowHost, vm: SlowVm): number {
  let over = 0n;
  let under = 1n;
  for (const [k, pages] of referencesBy(host, vm)) {
    over = over * BigInt(k) + BigInt(pages) * under;
    under *= BigInt(k);
  }
  return Number((over + under - 1n) / under) + cachePages(vm);
}

export const blockOf = (ppn: number): number => Math.floor(ppn / PAGES_PER_BLOCK);
export const pagesOfBlock = ({ pages }: SlowVm, block: number): SlowPage[] => pages.filter(({ ppn }) => blockOf(ppn) === block);
export const isLarge = ({ vm, ppn }: SlowPage): boolean => vm.large.has(blockOf(ppn));

/** Whether a page holds what the trace says of it. */
export const holds = ({ isEndState }: SlowHost, { content, writes, lostAt }: SlowPage): boolean =>
  content !== undefined && (isEndState || (writes === content.writes && writes !== lostAt));

/** A VM waits. If the access at hand is its own, that access does. */
export function wait(host: SlowHost, vm: SlowVm, cause: StallCause, times = 1): void {
  vm.events[cause] += times;
  if (host.row?.vm === vm) host.row.ns += times * host.costs[cause];
}

export function act(host: SlowHost, kind: ActionKind, vm: string, pages: number, reason: string): void {
  host.actions.push({ timeNs: host.nowNs, kind, vm, pages, reason });
}

/** A page becomes resident in a frame of its own. */
export function putIn(page: SlowPage, isWrite: boolean): void {
  page.state = "resident";
  page.frame = { made: true };
  page.accessed = page.rewritten = page.dirty = false;
  page.seen = undefined;
  page.vm.policy.admitted(page.ppn, isWrite);
}

/** A resident page gives up its memory. */
export function takeOut(page: SlowPage, state: SlowState, isPagedOut: boolean): void {
  page.state = state;
  page.frame = undefined;
  page.vm.policy.removed(page.ppn, isPagedOut);
}

export function breakBlock(host: SlowHost, { vm, ppn }: SlowPage, reason: string): void {
  const pages = pagesOfBlock(vm, blockOf(ppn));
  vm.large.delete(blockOf(ppn));
  vm.brokenPpns.push(...pages.map((page) => page.ppn));
  vm.counts.blocksBroken++;
  wait(host, vm, "large page break");
  act(host, "break", vm.name, pages.length, reason);
}
