import type { Kernel } from "./kernel.ts";
import { prefixAt } from "./page-size.ts";
import type { GuestTables } from "./guest-tables.ts";
import { GLOBAL } from "./table-tree.ts";

/**
 * Fields of a page's record, four to a page so that a quarter of a cache line has all that is asked of it at every access: the PPN its
 * entry was last seen with (UNSEEN at first; kept by the guest watch), the node of the table at its unit's level, its unit, and PLACE:
 * the low bits of its VPN at the unit's size, times 4, plus the size (position in PAGE_SIZES).
 */
export const PPN = 0,
  NODE = 1,
  UNIT = 2,
  PLACE = 3,
  RECORD = 4;
export const UNSEEN = -1;

/** Bits of VPN that pick a set: as many as fit beside the size. */
const INDEX_RANGE = 2 ** 29;

/**
 * What the TLB holds: the smaller of the guest's mapping and the host's page ("splintering"). A unit is an address space (or
 * all of them, in the kernel half) and a VPN at that size, so its number is a whole tag.
 */
export interface Units {
  readonly records: Int32Array;
  readonly units: number;
  /** Unit → space; GLOBAL in the kernel half. */
  readonly spaceOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly placeOf: Int32Array;
  /** Slot → the first of its units, and unit → the next of its slot; −1 ends. */
  readonly firstOf: Int32Array;
  readonly nextOf: Int32Array;
  /** Some slot has several units. */
  readonly isSplintered: boolean;
}

/** Without a host under the guest nothing is splintered. The records lie in the kernel's memory. */
export function createUnits(memory: Kernel, tables: GuestTables, hasHost: boolean): Units {
  const { pages, vpnOf, entryOf, slotOf, slots, kernel, spaceOfPage, leafLevelOf, shadowNodeOf, leafNodeOf } = tables;
  const hostLevel = hasHost ? tables.hostLevel : Infinity;
  const records = memory.ints(RECORD * pages);
  const own = new Map<string, number>();
  const spaces = new Int32Array(slots + pages);
  const slotsOf = new Int32Array(slots + pages);
  const places = new Int32Array(slots + pages);
  const firstOf = new Int32Array(slots).fill(-1);
  const nextOf = new Int32Array(slots + pages).fill(-1);
  const isMade = new Uint8Array(slots + pages);
  let units = slots;
  let isSplintered = false;
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
    const place = (prefix - Math.floor(prefix / INDEX_RANGE) * INDEX_RANGE) * 4 + (level - 1);
    const at = RECORD * page;
    records[at + PPN] = UNSEEN;
    records[at + NODE] = hasHost ? shadowNodeOf[page] : leafNodeOf[page];
    records[at + UNIT] = unit;
    records[at + PLACE] = place;
    if (isMade[unit] === 1) continue;
    isMade[unit] = 1;
    spaces[unit] = space;
    slotsOf[unit] = slot;
    places[unit] = place;
    nextOf[unit] = firstOf[slot];
    firstOf[slot] = unit;
  }
  return {
    records,
    units,
    spaceOf: spaces.subarray(0, units),
    slotOf: slotsOf.subarray(0, units),
    placeOf: places.subarray(0, units),
    firstOf,
    nextOf,
    isSplintered,
  };
}
