import { FETCH, readParams } from "@tidemark/data";
import type { Core } from "../core.ts";
import type { Mode } from "../mode.ts";
import { createCounters, EPT_VIOLATION, holdTables, listCounters, type Counted, type Counters } from "./counters.ts";
import { listGuestCounters } from "./guest-counters.ts";
import { PAGE_SIZES } from "./page-size.ts";
import { slowAddresses, type SlowAddress, type SlowAddresses } from "./slow-address.ts";
import { slowCache, type SlowCache } from "./slow-cache.ts";
import { slowGuest } from "./slow-guest.ts";
import { slowMemory, type SlowMemory } from "./slow-memory.ts";
import { slowMode } from "./slow-modes.ts";
import type { Setting, Step } from "./testing.ts";

/** A vCPU's hardware; caches by page size or by level of the table whose address they keep. */
export interface SlowHardware {
  space: number;
  readonly l1: ReadonlyMap<string, SlowCache>;
  readonly l1Fetch: ReadonlyMap<string, SlowCache>;
  readonly l2: ReadonlyMap<string, SlowCache>;
  readonly paging: ReadonlyMap<number, SlowCache>;
  readonly hostPaging: ReadonlyMap<number, SlowCache>;
  readonly nestedTlb: SlowCache | undefined;
}

/** What a slow mode sees of the machine. */
export interface SlowMachine {
  readonly setting: Setting;
  readonly cut: SlowAddresses;
  readonly memory: SlowMemory;
  readonly counters: Counters;
  readonly vcpus: ReadonlyMap<number, SlowHardware>;
  /** Spaces that the trace accesses, in order of first access. */
  readonly spaces: readonly number[];
  /** Level of what the TLB holds of an address. */
  unitLevel(a: SlowAddress): number;
  readonly given: { readonly [name: string]: string | number };
  unitOf(a: SlowAddress): string;
  /** Guest levels at and below `guestLevel` are walked in the guest's tables, the others in the hypervisor's or native ones. */
  walk(hardware: SlowHardware, a: SlowAddress, ppn: number, leafLevel: number, guestLevel: number): number;
  drop(stale: (unit: SlowAddress) => boolean, staleNode: (space: number) => boolean): void;
  flush(): void;
  /** Enters a page and the guest tables on its path into the nested tables, without an exit. */
  holdInHost(a: SlowAddress, ppn: number): void;
  forgetInHost(ppn: number, entries: readonly SlowAddress[]): void;
}

/** One mode on one core by the letter of docs/translation.md: names in maps, lists in order of use, both tables walked entry by entry. */
export function slowTranslation(steps: readonly Step[], setting: Setting, core: Core, mode: Mode): Record<string, number> {
  const cut = slowAddresses(setting);
  const memory = slowMemory(steps, setting, cut);
  const guest = slowGuest(steps, setting);
  const counters = createCounters();
  const hostTop = mode.isFlat ? cut.hostLevel : (setting.hostLevels ?? 4);
  const units = new Map<string, SlowAddress>();
  const present = new Set<number>();
  const hostTables = new Set<string>();
  const vcpus = new Map<number, SlowHardware>();
  let lastHostReferences = 0;

  const unitLevel = (a: SlowAddress): number => (mode.hasHost ? Math.min(a.leafLevel, cut.hostLevel) : a.leafLevel);
  const unitIndex = (a: SlowAddress): number => cut.prefix(a, unitLevel(a) - 1);
  const unitOf = (a: SlowAddress): string => {
    const name = `unit ${a.kernel ? "kernel" : a.space}: ${unitLevel(a)} ${unitIndex(a)}`;
    units.set(name, a);
    return name;
  };
  const hostPage = (ppn: number): number => Math.floor(ppn / 512 ** (cut.hostLevel - 1));
  if (mode.isFlat) holdTables(counters, Math.ceil((Math.ceil(memory.end / 512 ** (cut.hostLevel - 1)) * 8) / 4096));

  const hold = (ppn: number): void => {
    present.add(hostPage(ppn));
    for (let level = cut.hostLevel; level <= hostTop && !mode.isFlat; level++) {
      const table = `host table ${level} ${Math.floor(ppn / 512 ** level)}`;
      if (!hostTables.has(table)) holdTables(counters, 1);
      hostTables.add(table);
    }
  };
  const nestedWalk = (hardware: SlowHardware, ppn: number): number => {
    const page = hostPage(ppn);
    if (hardware.nestedTlb?.find(`host page ${page}`, page) === true) return 0;
    if (!present.has(page)) counters.exits[EPT_VIOLATION]++;
    hold(ppn);
    const missed: number[] = [];
    let level = cut.hostLevel;
    const name = (l: number): string => `host table ${l} ${Math.floor(ppn / 512 ** l)}`;
    for (; level < hostTop; level++) {
      if (hardware.hostPaging.get(level)?.find(name(level), Math.floor(ppn / 512 ** level)) === true) break;
      missed.unshift(level);
    }
    for (const l of missed) hardware.hostPaging.get(l)?.insert(name(l), Math.floor(ppn / 512 ** l));
    hardware.nestedTlb?.insert(`host page ${page}`, page);
    return level - cut.hostLevel + 1;
  };
  const drop: SlowMachine["drop"] = (stale, staleNode) => {
    for (const hardware of vcpus.values()) dropIn(hardware, stale, staleNode);
  };
  const dropIn = (hardware: SlowHardware, stale: (unit: SlowAddress) => boolean, staleNode: (space: number) => boolean): void => {
    const isStale = (name: string): boolean => {
      const unit = units.get(name);
      const space = memory.spaceOf.get(name);
      return unit === undefined ? space !== undefined && staleNode(space) : stale(unit);
    };
    for (const level of [hardware.l1, hardware.l1Fetch, hardware.l2, hardware.paging])
      for (const cache of level.values()) cache.dropWhere(isStale);
  };
  const machine: SlowMachine = {
    setting,
    cut,
    memory,
    counters,
    vcpus,
    spaces: [...new Set(steps.flatMap((step) => (step.is === "row" ? [step.space] : [])))],
    unitLevel,
    given: setting.given?.[mode.name] ?? {},
    unitOf,
    walk(hardware, a, ppn, leafLevel, guestLevel) {
      let level = leafLevel;
      const missed: number[] = [];
      for (; level < cut.top; level++) {
        if (hardware.paging.get(level)?.find(cut.node(a, level), cut.prefix(a, level)) === true) break;
        missed.unshift(level);
      }
      let references = 0;
      let host = 0;
      if (level === cut.top && guestLevel > cut.top) host += nestedWalk(hardware, memory.ppnOfTable(cut.table(a, cut.top)));
      references++;
      for (const l of missed) {
        if (l < guestLevel) host += nestedWalk(hardware, memory.ppnOfTable(cut.table(a, l)));
        references++;
        hardware.paging.get(l)?.insert(cut.node(a, l), cut.prefix(a, l));
      }
      if (guestLevel > 0) host += nestedWalk(hardware, memory.ppnOf(a, ppn));
      lastHostReferences = host;
      return references + host;
    },
    drop,
    flush() {
      drop(
        () => true,
        () => true,
      );
      for (const hardware of vcpus.values()) {
        for (const cache of hardware.hostPaging.values()) cache.dropWhere(() => true);
        hardware.nestedTlb?.dropWhere(() => true);
      }
    },
    holdInHost(a, ppn) {
      hold(memory.ppnOf(a, ppn));
      for (let level = a.leafLevel; level <= cut.top; level++) hold(memory.ppnOfTable(cut.table(a, level)));
    },
    forgetInHost(ppn, entries) {
      if (memory.areTraced) present.delete(hostPage(ppn));
      else for (const a of entries) present.delete(hostPage(memory.ppnOf(a, ppn)));
    },
  };
  const paging = slowMode(mode.name, machine);
  const periodNs = mode.tickNs(readParams(mode.name, mode.params, machine.given));
  let tickNs = periodNs > 0 ? periodNs : Infinity;

  for (const act of guest.acts) {
    switch (act.act) {
      case "time":
        for (; tickNs < act.ns; tickNs += periodNs) paging.tick(tickNs);
        break;
      case "entered":
      case "loaded": {
        const hardware = vcpus.get(act.vcpu) ?? slowHardware(core);
        vcpus.set(act.vcpu, hardware);
        hardware.space = act.space;
        if (act.act === "entered") break;
        if (setting.tagged === false)
          dropIn(
            hardware,
            (unit) => !unit.kernel,
            () => true,
          );
        paging.loaded(act.space);
        break;
      }
      case "written":
        paging.written(act.at, act.level, act.ns);
        break;
      case "invalidated":
        for (const [number, hardware] of vcpus) {
          if (act.vcpu !== -1 && act.vcpu !== number) continue;
          dropIn(
            hardware,
            (unit) => unit.slot === act.at?.slot,
            (space) => space === hardware.space,
          );
        }
        paging.invalidated(act.at, act.hasChanged, act.isShown);
        break;
      case "found":
        if (setting.warm === true) paging.found(act.at, act.ppn);
        break;
      case "faulted":
        paging.faulted(act.at);
        break;
      case "forget":
        paging.forget(act.ppn, act.entries);
        break;
      case "access": {
        const hardware = vcpus.get(act.vcpu) ?? slowHardware(core);
        const unit = unitOf(act.at);
        const index = unitIndex(act.at);
        const level = unitLevel(act.at);
        const size = PAGE_SIZES[level - 1];
        for (let k = 0; k < act.count; k++) {
          counters.accesses++;
          const first = (act.kind === FETCH ? hardware.l1Fetch : hardware.l1).get(size);
          const second = hardware.l2.get(size);
          if (first?.find(unit, index) === true) counters.l1Hits[level - 1]++;
          else {
            if (second?.find(unit, index) === true) counters.l2Hits[level - 1]++;
            else {
              counters.misses[level - 1]++;
              counters.walks[paging.walk(hardware, act.at, act.ppn)]++;
              counters.hostReferences += lastHostReferences;
              second?.insert(unit, index);
            }
            first?.insert(unit, index);
          }
        }
      }
    }
  }
  const named = (of: string, list: readonly Counted[]) => list.map(({ group, counter, value }) => [`${of}: ${group} ${counter}`, value]);
  return Object.fromEntries([
    ...named("guest", listGuestCounters(guest.counters)),
    ...named(`${core.name} ${mode.name}`, listCounters(counters)),
  ]) as Record<string, number>;
}

function slowHardware(core: Core): SlowHardware {
  const tlb = (arrays: Core["l1"]): Map<string, SlowCache> =>
    new Map(
      arrays.flatMap((array) => {
        const cache = slowCache(array);
        return array.holds.map((size) => [size as string, cache] as const);
      }),
    );
  const levels = (arrays: Core["paging"]): Map<number, SlowCache> =>
    new Map(
      arrays.flatMap((array) => {
        const cache = slowCache(array);
        return array.tables.map((level) => [level, cache] as const);
      }),
    );
  const l1 = tlb(core.l1);
  const l2 = tlb(core.l2);
  const paging = levels(core.paging);
  const small = l2.get("4k");
  if (core.pdesInL2 && small !== undefined) paging.set(1, small);
  return {
    space: 0,
    l1,
    l1Fetch: core.l1Fetch === undefined ? l1 : tlb(core.l1Fetch),
    l2,
    paging,
    hostPaging: levels(core.hostPaging),
    nestedTlb: core.nestedTlb === null ? undefined : slowCache(core.nestedTlb),
  };
}
