import { STATE_RULES } from "./memory-state.ts";
import {
  allPages,
  cachePages,
  freePages,
  inState,
  overheadPages,
  references,
  referencesBy,
  type SlowFrame,
  type SlowHost,
  type SlowPage,
  type SlowVm,
} from "./slow-machine.ts";
import { sharedFrames } from "./slow-sharing.ts";
import { STALL_CAUSES } from "./stalls.ts";

/** Rows of the tables that the reference host fills, in the columns of `@tidemark/data`. */
export type SlowRow = { readonly [column: string]: string | number };

export interface SlowTables {
  readonly timeline: SlowRow[];
  readonly host: SlowRow[];
  readonly actions: SlowRow[];
  readonly stalls: SlowRow[];
  readonly latency: SlowRow[];
  readonly reclaim: SlowRow[];
}

/** One VM's row of `timeline`; without `/proc/meminfo`. */
export function timelineRow(host: SlowHost, vm: SlowVm, timeNs: number, windowNs: number): SlowRow {
  const resident = inState(vm, "resident");
  const isLate = (at: { readonly timeNs: number } | undefined): boolean => at !== undefined && at.timeNs > timeNs - windowNs;
  const shared = sharedFrames(host);
  const count = (pages: readonly SlowPage[], which: (page: SlowPage) => boolean): number => pages.filter(which).length;
  const zipped = inState(vm, "zipped").length;
  const zipCache = cachePages(vm);
  return {
    time: timeNs,
    vm: vm.name,
    configured: vm.pages.length,
    granted: resident.length,
    consumed: [...referencesBy(host, vm)].reduce((sum, [k, pages]) => sum + pages / k, 0),
    unbacked: inState(vm, "unbacked").length,
    active: count(resident, ({ touched }) => isLate(touched)),
    activewrite: count(resident, ({ written }) => isLate(written)),
    activeReported: vm.isOff ? NaN : vm.active(),
    activeNotResident: vm.isOff ? 0 : count(vm.pages, ({ state, touched }) => state !== "resident" && isLate(touched)),
    freed: count(resident, ({ touched, allocator }) => touched !== undefined && !isLate(touched) && allocator === "free"),
    allocatorUnknown: count(resident, ({ allocator }) => allocator === "unknown"),
    guestUsed: NaN,
    guestOutside: NaN,
    guestAllocated: vm.isOff || vm.allocatorEvents === 0 ? NaN : count(vm.pages, ({ allocator }) => allocator === "allocated"),
    shared: count(resident, ({ frame }) => frame !== undefined && shared.has(frame)),
    vmmemctl: inState(vm, "ballooned").length,
    vmmemctltarget: vm.target.balloonPages,
    swapped: inState(vm, "swapped").length,
    swaptarget: vm.pageOutLeft,
    swapin: vm.counts.swapIn,
    swapout: vm.counts.swapOut,
    zipped,
    zipCache,
    zipSaved: zipped - zipCache,
    overhead: vm.isOff ? 0 : vm.overheadPages,
    entitlement: vm.entitlementPages,
    target: vm.target.targetPages,
    faults: vm.faults,
    zeroed: vm.zeroed,
    outsideAccesses: vm.outside,
  };
}

export function hostRow(host: SlowHost, timeNs: number): SlowRow {
  const frames = [...references(host)];
  const ownersOf = new Map(frames.map(([frame]) => [frame, new Set<SlowVm>()]));
  for (const { frame, vm } of allPages(host)) if (frame !== undefined) ownersOf.get(frame)?.add(vm);
  const owners = (frame: SlowFrame): number => ownersOf.get(frame)?.size ?? 0;
  const [, clear, soft, hard, low] = host.thresholds.enterBelow;
  return {
    time: timeNs,
    state: STATE_RULES[host.state].name,
    free: freePages(host),
    machine: host.machinePages,
    granted: host.vms.reduce((sum, vm) => sum + inState(vm, "resident").length, 0),
    consumed: frames.length,
    sharedCommon: sharedFrames(host).size,
    sharedIntra: frames.filter(([frame, refs]) => refs > 1 && owners(frame) === 1).length,
    sharedInter: frames.filter(([frame]) => owners(frame) > 1).length,
    zipCache: host.vms.reduce((sum, vm) => sum + cachePages(vm), 0),
    overhead: overheadPages(host),
    minFree: host.thresholds.minFreePages,
    clear,
    soft,
    hard,
    low,
  };
}

export const stallRows = (host: SlowHost, vm: SlowVm, timeNs: number): SlowRow[] =>
  STALL_CAUSES.filter((cause) => vm.events[cause] > 0).map((cause) => ({
    time: timeNs,
    vm: vm.name,
    cause,
    events: vm.events[cause],
    stall: vm.events[cause] * host.costs[cause],
  }));

/** Every row of the trace by what it waited, those that did not first. */
export function latencyRows({ name, rows, waits }: SlowVm): SlowRow[] {
  const kinds = [...new Set(waits)].sort((a, b) => a - b);
  return [
    { vm: name, latency: 0, rows: rows - waits.length },
    ...kinds.map((latency) => ({ vm: name, latency, rows: waits.filter((ns) => ns === latency).length })),
  ];
}

export const reclaimRows = ({ name, counts }: SlowVm): SlowRow[] =>
  Object.entries(counts).map(([counter, value]) => ({ vm: name, counter, value: Number(value) }));

export const actionRows = ({ actions }: SlowHost): SlowRow[] =>
  actions.map(({ timeNs, kind, vm, pages, reason }) => ({ time: timeNs, vm, action: kind, pages, reason }));
