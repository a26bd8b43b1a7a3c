import type { ModeContext, Paging } from "../mode.ts";
import { CR3_LOAD, HIDDEN_FAULT, INVLPG_EXIT, PAGE_TABLE_WRITE, REFLECTED_FAULT } from "./counters.ts";
import { nodeAt } from "./guest-tables.ts";
import { forgetInHost, holdInHost } from "./nested-paging.ts";
import { ShadowTables } from "./shadow-tables.ts";

/**
 * Agile paging (Gandhi 2016, section 3): every table of the guest is walked either through its shadow or itself; a table that is walked
 * itself, *nested*, has everything below it nested too. A walk switches at the topmost of them and costs from the shadow's references to
 * the nested walk's. A whole space may be nested: then not even its root is known by machine address.
 */
export function agilePaging(context: ModeContext, params: { readonly interval: number; readonly start: string }): Paging {
  const { tables, units, host, counters, vcpus } = context;
  const { exits } = counters;
  const { unitOf } = units;
  const { parentOf, levelOf, tableOf, spaceOf, leafNodeOf, levels } = tables;
  const nodes = tableOf.length;
  const shadow = new ShadowTables(tables, units, counters);
  const nested = new Uint8Array(nodes);
  const wholly = new Uint8Array(tables.rootOf.length).fill(params.start === "nested" ? 1 : 0);
  /** Last trapped write of a table in shadow. */
  const trappedNs = new Float64Array(nodes).fill(-Infinity);
  /** Last write at or below a nested table, and in a wholly nested space. */
  const writtenNs = new Float64Array(nodes).fill(-Infinity);
  const spaceWrittenNs = new Float64Array(wholly.length).fill(-Infinity);
  /** Node → level of the topmost nested table on the way to it; 0 none, levels + 1 in a wholly nested space. */
  const switchLevel = new Uint8Array(nodes);
  const settle = (): void => {
    for (let node = 0; node < nodes; node++) {
      const above = parentOf[node] === -1 ? (wholly[spaceOf[node]] === 1 ? levels + 1 : 0) : switchLevel[parentOf[node]];
      switchLevel[node] = above > 0 ? above : nested[tableOf[node]] === 1 ? levelOf[node] : 0;
    }
    for (const hardware of vcpus()) hardware.flush();
  };
  settle();

  return {
    walk(hardware, page, node, ppn) {
      const leaf = leafNodeOf[page];
      const level = switchLevel[leaf];
      if (level === 0) {
        const unit = unitOf[page];
        if (!shadow.isFilled(unit, node)) {
          exits[HIDDEN_FAULT]++;
          shadow.fill(unit, node);
        }
        return hardware.walk(node, 0, ppn);
      }
      if (level <= levels) {
        const top = nodeAt(tables, page, level);
        if (!shadow.isReady(top, level)) {
          exits[HIDDEN_FAULT]++;
          shadow.link(top, level);
        }
      }
      return hardware.walk(leaf, level, ppn);
    },
    found(page, node, ppn) {
      holdInHost(tables, host, page, ppn);
      if (switchLevel[leafNodeOf[page]] === 0) shadow.fill(unitOf[page], node);
    },
    loaded() {
      exits[CR3_LOAD]++;
    },
    written(page, level, timeNs) {
      const node = nodeAt(tables, page, level);
      const table = tableOf[node];
      for (let at = node; at !== -1; at = parentOf[at]) if (nested[tableOf[at]] === 1) writtenNs[tableOf[at]] = timeNs;
      if (wholly[tables.spaceOfPage[page]] === 1) spaceWrittenNs[tables.spaceOfPage[page]] = timeNs;
      if (!shadow.isHeld(table)) return;
      exits[PAGE_TABLE_WRITE]++;
      if (timeNs - trappedNs[table] <= params.interval) {
        nested[table] = 1;
        writtenNs[table] = timeNs;
        trappedNs[table] = -Infinity;
        counters.toNested++;
        shadow.dropTable(table);
        settle();
        return;
      }
      trappedNs[table] = timeNs;
      if (level === tables.leafLevelOf[page]) {
        shadow.zapSlot(tables.slotOf[page]);
        for (const hardware of vcpus()) hardware.dropMapping(page);
      }
    },
    invalidated(page, hasChanged, isShown) {
      if (isShown && (page === -1 || switchLevel[leafNodeOf[page]] === 0)) exits[INVLPG_EXIT]++;
      if (hasChanged) shadow.zapSlot(tables.slotOf[page]);
    },
    faulted(page) {
      if (page === -1 || switchLevel[leafNodeOf[page]] === 0) exits[REFLECTED_FAULT]++;
    },
    forget(ppn, entries) {
      forgetInHost(host, tables.madeUpPpnOf, ppn, entries);
      for (const page of entries) shadow.zapUnit(unitOf[page]);
      for (const hardware of vcpus()) hardware.flush();
    },
    tick(timeNs) {
      let moved = 0;
      for (let table = 0; table < nodes; table++) {
        if (nested[table] === 0 || timeNs - writtenNs[table] < params.interval) continue;
        nested[table] = 0;
        shadow.unlink(table);
        moved++;
      }
      for (let space = 0; space < wholly.length; space++) {
        if (wholly[space] === 0 || timeNs - spaceWrittenNs[space] < params.interval) continue;
        wholly[space] = 0;
        moved++;
      }
      counters.toShadow += moved;
      if (moved > 0) settle();
    },
  };
}
