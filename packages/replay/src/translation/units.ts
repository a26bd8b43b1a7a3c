import type { Kernel } from "./kernel.ts";
import { LEVEL_BITS, prefixAt, TABLE_ENTRIES } from "./page-size.ts";
import type { GuestTables } from "./guest-tables.ts";
import { GLOBAL } from "./table-tree.ts";

/**
 * Fields of a page's record, two to a page so that an eighth of a cache line has all that is asked of it at every access: the PPN its
 * entry was last seen with (UNSEEN at first; kept by the guest watch), and its *place*: the node of the table at its unit's level, times
 * 512, plus the number of the entry in that.
 */
export const PPN = 0,
  PLACE = 1,
  RECORD = 2;
export const UNSEEN = -1;

/** The place of an entry, by its number in the table of a node. */
export const placeOf = (node: number, entry: number): number => node * TABLE_ENTRIES + entry;
/** The node of the table that a place is in. */
export const nodeAtPlace = (place: number): number => place >>> LEVEL_BITS;
/** The number of the entry in that table. */
export const entryAtPlace = (place: number): number => place & (TABLE_ENTRIES - 1);

/**
 * What the TLB holds: the smaller of the guest's mapping and the host's page ("splintering"). A unit is an address space (or
 * all of them, in the kernel half) and a VPN at that size: an entry of a table. TLBs know it by a key, its place in the first of the nodes
 * of that table.
 */
export interface Units {
  readonly records: Int32Array;
  readonly units: number;
  /** Page → unit. */
  readonly unitOf: Int32Array;
  /** Unit → space; GLOBAL in the kernel half. */
  readonly spaceOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly keyOf: Int32Array;
  /** Slot → the first of its units, and unit → the next of its slot; −1 ends. */
  readonly firstOf: Int32Array;
  readonly nextOf: Int32Array;
  /** Some slot has several units. */
  readonly isSplintered: boolean;
  /** All are of one size, and no table is of several address spaces: a page's place is its unit's key. */
  readonly areAlike: boolean;
}

/** Without a host under the guest nothing is splintered. The records lie in the kernel's memory. */
export function createUnits(memory: Kernel, tables: GuestTables, hasHost: boolean): Units {
  const { pages, vpnOf, entryOf, slotOf, slots, kernel, spaceOfPage, leafLevelOf, shadowNodeOf, leafNodeOf, tableOf } = tables;
  const hostLevel = hasHost ? tables.hostLevel : Infinity;
  const records = memory.ints(RECORD * pages);
  const own = new Map<string, number>();
  const unitOf = new Int32Array(pages);
  const spaces = new Int32Array(slots + pages);
  const slotsOf = new Int32Array(slots + pages);
  const keys = new Int32Array(slots + pages);
  const firstOf = new Int32Array(slots).fill(-1);
  const nextOf = new Int32Array(slots + pages).fill(-1);
  const isMade = new Uint8Array(slots + pages);
  let units = slots;
  let isSplintered = false;
  let areAlike = true;
  let firstLevel = 0;
  for (let page = 0; page < pages; page++) {
    const level = Math.min(leafLevelOf[page], hostLevel);
    const slot = slotOf[page];
    const prefix = level === 1 ? vpnOf[page] : prefixAt(vpnOf[page], level - 1);
    const space = kernel[page] === 1 ? GLOBAL : spaceOfPage[page];
    let unit = slot;
    if (level < leafLevelOf[page]) {
      isSplintered = true;
      if (level === 1) unit = entryOf[page];
      else {
        const key = `${space} ${prefix}`;
        unit = own.get(key) ?? units++;
        own.set(key, unit);
      }
    }
    const node = hasHost ? shadowNodeOf[page] : leafNodeOf[page];
    const entry = prefix % TABLE_ENTRIES;
    const at = RECORD * page;
    records[at + PPN] = UNSEEN;
    records[at + PLACE] = placeOf(node, entry);
    unitOf[page] = unit;
    firstLevel ||= level;
    if (level !== firstLevel || tableOf[node] !== node) areAlike = false;
    if (isMade[unit] === 1) continue;
    isMade[unit] = 1;
    spaces[unit] = space;
    slotsOf[unit] = slot;
    keys[unit] = placeOf(tableOf[node], entry);
    nextOf[unit] = firstOf[slot];
    firstOf[slot] = unit;
  }
  return {
    records,
    units,
    unitOf,
    spaceOf: spaces.subarray(0, units),
    slotOf: slotsOf.subarray(0, units),
    keyOf: keys.subarray(0, units),
    firstOf,
    nextOf,
    isSplintered,
    areAlike,
  };
}
