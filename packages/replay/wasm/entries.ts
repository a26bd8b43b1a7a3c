// AssemblyScript (https://www.assemblyscript.org): what the number of a page's entry says; see translate-rows.ts and src/translation/units.ts.

import { ENTRY, INDEX, LEVEL, LEVEL_BITS, NODE_BITS, PAGE_AT, RECORD_BITS } from "./layout";

const PLACE: u32 = (1 << LEVEL_BITS) - 1;

/** The entry of a row's page. */
//@inline
export function entryOf(records: usize, row: u32): u32 {
  return load<u32>(records + (load<u32>(PAGE_AT + (row << 2)) << RECORD_BITS), ENTRY);
}

/** The node of the table that it stands in. */
//@inline
export function nodeOf(entry: u32): u32 {
  return entry >> LEVEL_BITS;
}

/** Page size of what the TLB holds of it, as a position in PAGE_SIZES. */
//@inline
export function sizeOf(nodes: usize, entry: u32): u32 {
  return load<u32>(nodes + (nodeOf(entry) << NODE_BITS), LEVEL) - 1;
}

/** Its key in a TLB: a table that all address spaces share counts as one. `isPlain`: see layout.ts. */
//@inline
export function keyOf(isPlain: bool, tableOf: usize, entry: u32): u32 {
  return isPlain ? entry : (load<u32>(tableOf + (nodeOf(entry) << 2)) << LEVEL_BITS) | (entry & PLACE);
}

/** Low bits of its VPN, which pick the set. */
//@inline
export function indexOf(isPlain: bool, nodes: usize, entry: u32): u32 {
  return isPlain ? entry : (load<u32>(nodes + (nodeOf(entry) << NODE_BITS), INDEX) << LEVEL_BITS) | (entry & PLACE);
}
