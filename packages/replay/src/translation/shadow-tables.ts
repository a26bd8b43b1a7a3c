import { holdTables, type Counters } from "./counters.ts";
import type { GuestTables } from "./guest-tables.ts";
import { nodeAtPlace, PLACE, RECORD, type Units } from "./units.ts";

/**
 * The hypervisor's shadow of the guest's tables: one shadow table per guest table, filled entry by entry when the hardware misses one.
 * The kernel half is shadowed once and linked below every root.
 */
export class ShadowTables {
  /** By table: 1 where its shadow is held. Such a guest table is write-protected unless a mode says otherwise. */
  readonly #held: Uint8Array;
  /** By link (`#linkOf`): 1 where the parent's shadow points to it. */
  readonly #linked: Uint8Array;
  /** By node: 1 where its whole path is known to be held and linked. */
  readonly #ready: Uint8Array;
  /** By unit: 1 where the leaf entry is filled. */
  readonly #filled: Uint8Array;
  readonly #tables: GuestTables;
  readonly #units: Units;
  readonly #counters: Counters;

  constructor(tables: GuestTables, units: Units, counters: Counters) {
    const nodes = tables.tableOf.length;
    this.#held = new Uint8Array(nodes);
    this.#linked = new Uint8Array(nodes);
    this.#ready = new Uint8Array(nodes);
    this.#filled = new Uint8Array(units.units);
    this.#tables = tables;
    this.#units = units;
    this.#counters = counters;
  }

  isHeld(table: number): boolean {
    return this.#held[table] === 1;
  }

  /** Whether the hardware finds the leaf entry of a unit in the table of `node`. */
  isFilled(unit: number, node: number): boolean {
    return this.#filled[unit] === 1 && this.isReady(node, 0);
  }

  /** Whether the hardware gets from the root to `node`. `heldAbove`: tables at this level and below need no shadow, only the link. */
  isReady(node: number, heldAbove: number): boolean {
    if (this.#ready[node] === 1) return true;
    const { parentOf, tableOf, levelOf } = this.#tables;
    for (let at = node; at !== -1; at = parentOf[at]) {
      if (levelOf[at] > heldAbove && this.#held[tableOf[at]] === 0) return false;
      if (parentOf[at] !== -1 && this.#linked[this.#linkOf(at)] === 0) return false;
    }
    this.#ready[node] = 1;
    return true;
  }

  /** The hypervisor's answer to a hidden fault: the tables down to `node`, and the leaf entry. */
  fill(unit: number, node: number): void {
    this.link(node, 0);
    this.#filled[unit] = 1;
  }

  /** Holds and links the tables from the root to `node`; those at level `heldAbove` and below are linked only. */
  link(node: number, heldAbove: number): void {
    const { parentOf, tableOf, levelOf } = this.#tables;
    for (let at = node; at !== -1; at = parentOf[at]) {
      const table = tableOf[at];
      if (levelOf[at] > heldAbove && this.#held[table] === 0) {
        this.#held[table] = 1;
        holdTables(this.#counters, 1);
      }
      if (parentOf[at] !== -1) this.#linked[this.#linkOf(at)] = 1;
    }
  }

  zapSlot(slot: number): void {
    const { firstOf, nextOf } = this.#units;
    for (let unit = firstOf[slot]; unit !== -1; unit = nextOf[unit]) this.#filled[unit] = 0;
  }

  zapUnit(unit: number): void {
    this.#filled[unit] = 0;
  }

  /** Gives up the shadow of a table and of everything below it; what spaces share stays unless the table is shared itself. */
  dropTable(table: number): void {
    const { parentOf, tableOf, isShared } = this.#tables;
    const isBelow = new Uint8Array(tableOf.length);
    // Parents are numbered before their children.
    for (let node = 0; node < tableOf.length; node++) {
      const parent = parentOf[node];
      if (tableOf[node] !== table && (parent === -1 || isBelow[parent] === 0)) continue;
      if (isShared[node] > isShared[table]) this.#linked[this.#linkOf(node)] = 0;
      else {
        isBelow[node] = 1;
        this.#dropNode(node);
      }
    }
    const { records, unitOf } = this.#units;
    for (let page = 0; page < unitOf.length; page++)
      if (isBelow[nodeAtPlace(records[RECORD * page + PLACE])] === 1) this.#filled[unitOf[page]] = 0;
    this.#ready.fill(0);
  }

  /** Takes away the entry that points to a table, wherever it is linked. */
  unlink(table: number): void {
    const { tableOf } = this.#tables;
    for (let node = 0; node < tableOf.length; node++) if (tableOf[node] === table) this.#linked[this.#linkOf(node)] = 0;
    this.#ready.fill(0);
  }

  /** Gives up all that only one address space uses. */
  dropSpace(space: number): void {
    const { spaceOf, isShared, tableOf } = this.#tables;
    for (let node = 0; node < tableOf.length; node++) {
      if (spaceOf[node] !== space) continue;
      if (isShared[node] === 0) this.#dropNode(node);
      else if (this.#isTopmost(node)) this.#linked[node] = 0;
    }
    const { spaceOf: spaceOfUnit } = this.#units;
    for (let unit = 0; unit < spaceOfUnit.length; unit++) if (spaceOfUnit[unit] === space) this.#filled[unit] = 0;
    this.#ready.fill(0);
  }

  #dropNode(node: number): void {
    const table = this.#tables.tableOf[node];
    if (this.#held[table] === 1) {
      this.#held[table] = 0;
      holdTables(this.#counters, -1);
    }
    this.#linked[this.#linkOf(node)] = 0;
  }

  #isTopmost(node: number): boolean {
    return this.#tables.levelOf[node] === this.#tables.levels - 1;
  }

  /** Where the entry that points to a node's table lies: in a root of its own, or in a table that spaces share. */
  #linkOf(node: number): number {
    return this.#isTopmost(node) ? node : this.#tables.tableOf[node];
  }
}
