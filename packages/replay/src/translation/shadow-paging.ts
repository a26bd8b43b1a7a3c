import type { ModeContext, Paging } from "../mode.ts";
import { CR3_LOAD, HIDDEN_FAULT, INVLPG_EXIT, PAGE_TABLE_WRITE, REFLECTED_FAULT } from "./counters.ts";
import { nodeAt } from "./guest-tables.ts";
import { ShadowBound } from "./shadow-bound.ts";
import { ShadowTables } from "./shadow-tables.ts";

/** How shadow tables are kept in step with the guest's: where the shadow modes differ. */
export interface Synchrony {
  /** The guest wrote a table that is shadowed. Whether that was trapped: an exit. */
  written(page: number, level: number, table: number): boolean;
  /** CR3 was loaded with `space`. */
  loaded(space: number): void;
  /** A hidden fault of `page` was answered. */
  filled(page: number): void;
  /** Some shadow tables are no longer held. */
  dropped(): void;
}

/** Paging through shadow tables alone: the hardware walks them as a native kernel's, the hypervisor pays in exits. */
export function shadowPaging(
  context: ModeContext,
  tablePages: number,
  synchrony: (context: ModeContext, shadow: ShadowTables) => Synchrony,
): Paging {
  const { tables, units, counters, vcpus } = context;
  const { exits } = counters;
  const { unitOf } = units;
  const shadow = new ShadowTables(tables, units, counters);
  const bound = new ShadowBound(context, shadow, tablePages);
  const sync = synchrony(context, shadow);
  return {
    walk(hardware, page, node, ppn) {
      const unit = unitOf[page];
      if (!shadow.isFilled(unit, node)) {
        exits[HIDDEN_FAULT]++;
        shadow.fill(unit, node);
        sync.filled(page);
        if (bound.enforce(tables.spaceOfPage[page])) sync.dropped();
      }
      return hardware.walk(node, 0, ppn);
    },
    found(page, node) {
      shadow.fill(unitOf[page], node);
    },
    loaded(space) {
      exits[CR3_LOAD]++;
      bound.loaded(space);
      sync.loaded(space);
    },
    written(page, level) {
      const table = tables.tableOf[nodeAt(tables, page, level)];
      if (shadow.isHeld(table) && sync.written(page, level, table)) exits[PAGE_TABLE_WRITE]++;
    },
    invalidated(page, hasChanged, isShown) {
      if (isShown) exits[INVLPG_EXIT]++;
      if (hasChanged) shadow.zapSlot(tables.slotOf[page]);
    },
    faulted() {
      exits[REFLECTED_FAULT]++;
    },
    forget(_ppn, entries) {
      for (const page of entries) {
        const unit = unitOf[page];
        shadow.zapUnit(unit);
        for (const hardware of vcpus()) hardware.dropUnit(unit);
      }
    },
  };
}
