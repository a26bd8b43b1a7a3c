import { CR3_LOAD, HIDDEN_FAULT, holdTables, INVLPG_EXIT, PAGE_TABLE_WRITE, REFLECTED_FAULT } from "./counters.ts";
import type { SlowAddress } from "./slow-address.ts";
import type { SlowHardware, SlowMachine } from "./slow-translation.ts";

/** `Paging` in the words of the slow model. */
export interface SlowPaging {
  walk(hardware: SlowHardware, a: SlowAddress, ppn: number): number;
  found(a: SlowAddress, ppn: number): void;
  loaded(space: number): void;
  written(a: SlowAddress, level: number, ns: number): void;
  invalidated(a: SlowAddress | undefined, hasChanged: boolean, isShown: boolean): void;
  faulted(a: SlowAddress | undefined): void;
  forget(ppn: number, entries: readonly SlowAddress[]): void;
  tick(ns: number): void;
}

export function slowMode(name: string, machine: SlowMachine): SlowPaging {
  switch (name) {
    case "native":
      return { ...nothing, walk: (hardware, a, ppn) => machine.walk(hardware, a, ppn, a.leafLevel, 0) };
    case "nested":
    case "nested-flat":
      return {
        ...nothing,
        walk: (hardware, a, ppn) => machine.walk(hardware, a, ppn, a.leafLevel, machine.cut.top + 1),
        found: (a, ppn) => machine.holdInHost(a, ppn),
        forget(ppn, entries) {
          machine.forgetInHost(ppn, entries);
          machine.flush();
        },
      };
    case "shadow":
      return slowShadow(machine, false);
    case "shadow-lazy":
      return slowShadow(machine, true);
    default:
      return slowAgile(machine);
  }
}

const nothing = { found() {}, loaded() {}, written() {}, invalidated() {}, faulted() {}, forget() {}, tick() {} };

/** The shadow tables: names of what is held, of entries that point to tables, and of leaf entries with the address they translate. */
function slowTables({ cut, counters, unitLevel, unitOf }: SlowMachine) {
  const held = new Map<string, { space: number; shared: boolean; level: number; of: SlowAddress }>();
  const linked = new Map<string, SlowAddress & { level: number }>();
  const filled = new Map<string, SlowAddress>();
  const isBelow = (a: SlowAddress, level: number, top: SlowAddress, topLevel: number): boolean =>
    level <= topLevel && cut.table(a, topLevel) === cut.table(top, topLevel);
  return {
    isHeld: (a: SlowAddress, level: number): boolean => held.has(cut.table(a, level)),
    isHeldRoot: (space: number): boolean => held.has(`root of ${space}`),
    isReady(a: SlowAddress, from: number, heldAbove: number): boolean {
      for (let level = from; level <= cut.top; level++) {
        if (level > heldAbove && !held.has(cut.table(a, level))) return false;
        if (level < cut.top && !linked.has(cut.link(a, level))) return false;
      }
      return true;
    },
    isFilled: (a: SlowAddress): boolean => filled.has(unitOf(a)),
    link(a: SlowAddress, from: number, heldAbove: number): void {
      for (let level = from; level <= cut.top; level++) {
        if (level > heldAbove && !held.has(cut.table(a, level))) {
          held.set(cut.table(a, level), { space: a.space, shared: a.kernel && level < cut.top, level, of: a });
          holdTables(counters, 1);
        }
        if (level < cut.top) linked.set(cut.link(a, level), { ...a, level });
      }
    },
    fill(a: SlowAddress): void {
      this.link(a, unitLevel(a), 0);
      filled.set(unitOf(a), a);
    },
    zapSlot(slot: string): void {
      for (const [unit, a] of filled) if (a.slot === slot) filled.delete(unit);
    },
    zapUnit(a: SlowAddress): void {
      filled.delete(unitOf(a));
    },
    dropTable(top: SlowAddress, topLevel: number): void {
      const isRoot = topLevel === cut.top;
      for (const [name, { of, level, shared }] of held) {
        if (!isBelow(of, level, top, topLevel) || (isRoot && shared)) continue;
        held.delete(name);
        holdTables(counters, -1);
      }
      for (const [name, a] of linked) {
        if (!isBelow(a, a.level, top, topLevel)) continue;
        if (isRoot && a.kernel && a.level < cut.top - 1) continue;
        linked.delete(name);
      }
      for (const [unit, a] of filled) if (isBelow(a, 0, top, topLevel) && !(isRoot && a.kernel)) filled.delete(unit);
    },
    unlink(a: SlowAddress, level: number): void {
      if (level === cut.top) return;
      for (const [name, other] of linked) if (other.level === level && cut.table(other, level) === cut.table(a, level)) linked.delete(name);
    },
    dropSpace(space: number): number {
      let dropped = 0;
      for (const [name, table] of held) {
        if (table.shared || table.space !== space) continue;
        held.delete(name);
        holdTables(counters, -1);
        dropped++;
      }
      for (const [name, a] of linked) if (a.space === space && (!a.kernel || a.level === cut.top - 1)) linked.delete(name);
      for (const [unit, a] of filled) if (a.space === space && !a.kernel) filled.delete(unit);
      return dropped;
    },
  };
}

function slowShadow(machine: SlowMachine, isLazy: boolean): SlowPaging {
  const { cut, counters, unitLevel, setting, given, spaces, vcpus } = machine;
  const { exits } = counters;
  const tables = slowTables(machine);
  const pages = Number(given["tablePages"] ?? 0) || Math.max(64, Math.floor((setting.configuredPages ?? 2 ** 20) * 0.02));
  const flood = Number(given["flood"] ?? 3);
  const loads: number[] = [];
  const lagging = new Map<string, SlowAddress>();
  const writes = new Map<string, number>();
  const dropLagging = (): void => {
    for (const [table, a] of lagging) if (!tables.isHeld(a, a.leafLevel)) lagging.delete(table);
  };
  return {
    ...nothing,
    walk(hardware, a, ppn) {
      if (!tables.isFilled(a) || !tables.isReady(a, unitLevel(a), 0)) {
        exits[HIDDEN_FAULT]++;
        tables.fill(a);
        for (let level = a.leafLevel; level <= cut.top; level++) writes.delete(cut.table(a, level));
        while (counters.tablePages > pages) {
          const loaded = [...vcpus.values()].map(({ space }) => space);
          const candidates = spaces.filter((s) => s !== a.space && !loaded.includes(s) && tables.isHeldRoot(s));
          const [victim] = candidates.sort((s, t) => loads.lastIndexOf(s) - loads.lastIndexOf(t) || spaces.indexOf(s) - spaces.indexOf(t));
          if (victim === undefined) break;
          counters.unshadows += tables.dropSpace(victim);
          machine.drop(
            (unit) => !unit.kernel && unit.space === victim,
            (space) => space === victim,
          );
          dropLagging();
        }
      }
      return machine.walk(hardware, a, ppn, unitLevel(a), 0);
    },
    found: (a) => tables.fill(a),
    loaded(space) {
      exits[CR3_LOAD]++;
      loads.push(space);
      for (const [table, a] of lagging) {
        if (!a.kernel && a.space !== space) continue;
        lagging.delete(table);
        counters.resyncs++;
      }
    },
    written(a, level) {
      if (!tables.isHeld(a, level)) return;
      const table = cut.table(a, level);
      if (!isLazy) {
        exits[PAGE_TABLE_WRITE]++;
        if (level > a.leafLevel) return;
        tables.zapSlot(a.slot);
        machine.drop(
          (unit) => unit.slot === a.slot,
          () => false,
        );
      } else if (level === a.leafLevel) {
        if (!lagging.has(table)) exits[PAGE_TABLE_WRITE]++;
        lagging.set(table, a);
      } else {
        exits[PAGE_TABLE_WRITE]++;
        writes.set(table, (writes.get(table) ?? 0) + 1);
        if ((writes.get(table) ?? 0) < flood) return;
        writes.delete(table);
        const before = counters.tablePages;
        tables.dropTable(a, level);
        counters.unshadows += before - counters.tablePages;
        machine.flush();
        dropLagging();
      }
    },
    invalidated(a, hasChanged, isShown) {
      if (isShown) exits[INVLPG_EXIT]++;
      if (hasChanged && a !== undefined) tables.zapSlot(a.slot);
    },
    faulted() {
      exits[REFLECTED_FAULT]++;
    },
    forget(_ppn, entries) {
      for (const a of entries) {
        tables.zapUnit(a);
        machine.drop(
          (unit) => machine.unitOf(unit) === machine.unitOf(a),
          () => false,
        );
      }
    },
  };
}

function slowAgile(machine: SlowMachine): SlowPaging {
  const { cut, counters, unitLevel, given, spaces } = machine;
  const { exits } = counters;
  const tables = slowTables(machine);
  const intervalNs = Number(given["interval"] ?? 1e9);
  /** Nested tables, with a page below them, their level and their last write; wholly nested spaces with theirs. */
  const nested = new Map<string, { a: SlowAddress; level: number; ns: number }>();
  const wholly = new Map<number, number>(given["start"] === "nested" ? spaces.map((space) => [space, -Infinity]) : []);
  const trapped = new Map<string, number>();
  const switchLevel = (a: SlowAddress): number => {
    if (wholly.has(a.space)) return cut.top + 1;
    for (let level = cut.top; level >= a.leafLevel; level--) if (nested.has(cut.table(a, level))) return level;
    return 0;
  };
  return {
    walk(hardware, a, ppn) {
      const level = switchLevel(a);
      if (level === 0) {
        if (!tables.isFilled(a) || !tables.isReady(a, unitLevel(a), 0)) {
          exits[HIDDEN_FAULT]++;
          tables.fill(a);
        }
        return machine.walk(hardware, a, ppn, unitLevel(a), 0);
      }
      if (level <= cut.top && !tables.isReady(a, level, level)) {
        exits[HIDDEN_FAULT]++;
        tables.link(a, level, level);
      }
      return machine.walk(hardware, a, ppn, a.leafLevel, level);
    },
    found(a, ppn) {
      machine.holdInHost(a, ppn);
      if (switchLevel(a) === 0) tables.fill(a);
    },
    loaded() {
      exits[CR3_LOAD]++;
    },
    written(a, level, ns) {
      for (let l = level; l <= cut.top; l++) {
        const above = nested.get(cut.table(a, l));
        if (above !== undefined) above.ns = ns;
      }
      if (wholly.has(a.space)) wholly.set(a.space, ns);
      const table = cut.table(a, level);
      if (!tables.isHeld(a, level)) return;
      exits[PAGE_TABLE_WRITE]++;
      const before = trapped.get(table);
      trapped.set(table, ns);
      if (before !== undefined && ns - before <= intervalNs) {
        nested.set(table, { a, level, ns });
        trapped.delete(table);
        counters.toNested++;
        tables.dropTable(a, level);
        machine.flush();
      } else if (level === a.leafLevel) {
        tables.zapSlot(a.slot);
        machine.drop(
          (unit) => unit.slot === a.slot,
          () => false,
        );
      }
    },
    invalidated(a, hasChanged, isShown) {
      if (isShown && (a === undefined || switchLevel(a) === 0)) exits[INVLPG_EXIT]++;
      if (hasChanged && a !== undefined) tables.zapSlot(a.slot);
    },
    faulted(a) {
      if (a === undefined || switchLevel(a) === 0) exits[REFLECTED_FAULT]++;
    },
    forget(ppn, entries) {
      machine.forgetInHost(ppn, entries);
      for (const a of entries) tables.zapUnit(a);
      machine.flush();
    },
    tick(ns) {
      let moved = 0;
      for (const [table, { a, level, ns: written }] of nested) {
        if (ns - written < intervalNs) continue;
        nested.delete(table);
        tables.unlink(a, level);
        moved++;
      }
      for (const [space, written] of wholly) {
        if (ns - written < intervalNs) continue;
        wholly.delete(space);
        moved++;
      }
      counters.toShadow += moved;
      if (moved > 0) machine.flush();
    },
  };
}
