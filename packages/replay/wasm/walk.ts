// AssemblyScript (https://www.assemblyscript.org): a walk of the guest's tables and the host's; see translate-rows.ts.

import {
  APART,
  COUNTERS,
  EPT_VIOLATIONS,
  FIRST_TABLE,
  HELD,
  HOST_LEAF,
  HOST_LEVELS,
  HOST_PAGING,
  HOST_REFERENCES,
  HOST_SHIFT,
  ID,
  INDEX,
  LEVEL,
  LEVELS,
  LEVEL_BITS,
  MACHINE,
  NESTED_TLB,
  NODES,
  NODE_BITS,
  PAGING,
  PATH,
  PDES,
  PDE_KEYS,
  PRESENT,
  TABLE_PPN,
} from "./layout";
import { findIn, insert, use } from "./lru-sets";

/** The hypervisor gives a machine the tables that a PPN needs. */
//@external("env", "hold")
declare function hold(machine: u32, ppn: u32): void;

/** PPN bits above a table of this level. */
//@inline
export function prefixOf(ppn: u32, level: u32): u32 {
  return LEVEL_BITS * level > 31 ? 0 : ppn >> (LEVEL_BITS * level);
}

//@inline
export function add(counter: usize, n: f64, offset: usize): void {
  store<f64>(counter + offset, load<f64>(counter + offset) + n);
}

/** Whether the host's tables translate a host page. */
//@inline
export function isPresent(present: usize, page: u32): bool {
  return ((load<u32>(present + ((page >> 5) << 2)) >> (page & 31)) & 1) != 0;
}

/** An EPT violation: the hypervisor enters a PPN into the host's tables of a machine. */
export function violate(machine: usize, ppn: u32, page: u32): void {
  const word = load<usize>(machine, PRESENT) + ((page >> 5) << 2);
  store<u32>(word, load<u32>(word) | (1 << (page & 31)));
  add(load<usize>(machine, COUNTERS), 1, EPT_VIOLATIONS);
  const leaf = load<u32>(machine, HOST_LEAF);
  const table = load<u32>(machine + (leaf << 2), FIRST_TABLE) + prefixOf(ppn, leaf);
  // Whoever holds a table holds all above it.
  if (load<u8>(load<usize>(machine, HELD) + table) == 0) hold(load<u32>(machine, ID), ppn);
}

/** Finds the frame of a PPN. Returns the references to the host's tables; 0 where the nested TLB has it. */
function nestedWalk(hardware: usize, machine: usize, ppn: u32): u32 {
  const page = ppn >> load<u32>(machine, HOST_SHIFT);
  const nestedTlb = load<usize>(hardware, NESTED_TLB);
  if (nestedTlb != 0 && use(nestedTlb, page, page)) return 0;
  if (!isPresent(load<usize>(machine, PRESENT), page)) violate(machine, ppn, page);
  const leaf = load<u32>(machine, HOST_LEAF);
  const levels = load<u32>(machine, HOST_LEVELS);
  const apart = load<u32>(hardware, APART) != 0;
  let level = leaf;
  for (; level < levels; level++) {
    const cache = load<usize>(hardware + (level << 2), HOST_PAGING);
    const prefix = prefixOf(ppn, level);
    const table = load<u32>(machine + (level << 2), FIRST_TABLE) + prefix;
    if (cache != 0 && (apart ? use(cache, table, prefix) : findIn(cache, table, prefix))) break;
  }
  const references = level - leaf + 1;
  if (apart) return references;
  while (level > leaf) {
    level--;
    const cache = load<usize>(hardware + (level << 2), HOST_PAGING);
    const prefix = prefixOf(ppn, level);
    if (cache != 0) insert(cache, load<u32>(machine + (level << 2), FIRST_TABLE) + prefix, prefix);
  }
  return references;
}

/**
 * Walks to the leaf entry in the table of `leafNode` and to the frame, and fills the caches. Returns the memory references it took.
 * `guestLevel`: tables at this level and below are the guest's; see Hardware.walk.
 */
export function walk(hardware: usize, leafNode: u32, guestLevel: u32, ppn: u32): u32 {
  const machine = load<usize>(hardware, MACHINE);
  const nodes = load<usize>(machine, NODES);
  const levels = load<u32>(machine, LEVELS);
  const pdes = load<usize>(hardware, PDES);
  const pdeKeys = load<u32>(hardware, PDE_KEYS);
  const apart = load<u32>(hardware, APART) != 0;
  let node = leafNode;
  const leafLevel = load<u32>(nodes + (node << NODE_BITS), LEVEL);
  let level = leafLevel;
  while (level < levels) {
    const record = nodes + (node << NODE_BITS);
    const inL2 = level == 1 && pdes != 0;
    const cache = inL2 ? pdes : load<usize>(hardware + (level << 2), PAGING);
    const key = inL2 ? pdeKeys + node : node;
    if (cache != 0 && (apart ? use(cache, key, load<u32>(record, INDEX)) : findIn(cache, key, load<u32>(record, INDEX)))) break;
    store<u32>(PATH + (level << 2), node);
    node = load<u32>(record);
    level++;
  }
  const own = level - leafLevel + 1;
  let host: u32 = 0;
  if (level == levels && guestLevel > levels) host += nestedWalk(hardware, machine, load<u32>(nodes + (node << NODE_BITS), TABLE_PPN));
  while (level > leafLevel) {
    level--;
    node = load<u32>(PATH + (level << 2));
    const record = nodes + (node << NODE_BITS);
    if (level < guestLevel) host += nestedWalk(hardware, machine, load<u32>(record, TABLE_PPN));
    if (apart) continue;
    const inL2 = level == 1 && pdes != 0;
    const cache = inL2 ? pdes : load<usize>(hardware + (level << 2), PAGING);
    if (cache != 0) insert(cache, inL2 ? pdeKeys + node : node, load<u32>(record, INDEX));
  }
  if (guestLevel > 0) host += nestedWalk(hardware, machine, ppn);
  store<u32>(hardware, host, HOST_REFERENCES);
  return own + host;
}
