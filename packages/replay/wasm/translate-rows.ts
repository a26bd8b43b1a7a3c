// AssemblyScript (https://www.assemblyscript.org): TLBs, paging-structure caches, and the walks that fill them.
// `node packages/replay/wasm/build.mjs` compiles this file into src/translation/translate-rows-wasm.ts; a test keeps the two together.
//
// Memory is laid out by src/translation/kernel.ts and hardware.ts. All numbers are 32 bits wide unless said otherwise.

import { findIn, insert, use } from "./lru-sets";
export { find, insert } from "./lru-sets";

// What hardware.ts says of a vCPU.
const MACHINE: usize = 0; // pointer
const L1: usize = 4; // caches by page size; 0 where there is none. Three for data, behind them three for fetches
const L2: usize = 28; // the same, for both
const PAGING: usize = 40; // caches of tables by level, 0 to 5
const HOST_PAGING: usize = 64;
const NESTED_TLB: usize = 88; // cache
const PDES: usize = 92; // cache of the tables of level 1, where those are kept among the TLB entries; else 0
const PDE_KEYS: usize = 96; // key of table 0 there
const APART: usize = 100; // 1 where no paging cache keeps tables of several levels: the order in which a walk fills them is all one
const HOST_REFERENCES: usize = 104; // of the last walk, those to the host's tables

// What is the same for all vCPUs of a machine: one VM in one mode on one core.
const NODES: usize = 0; // pointer, see below
const LEVELS: usize = 4; // of the guest's tables
const HOST_LEVELS: usize = 8;
const HOST_LEAF: usize = 12; // level of the host's tables that holds leaf entries
const HOST_SHIFT: usize = 16; // PPN bits inside a host page
const PRESENT: usize = 20; // pointer: a bit per host page that the host's tables translate
const FIRST_TABLE: usize = 24; // by level, 0 to 5: number of the host's first table
const RECORDS: usize = 48; // pointer: four numbers per page, as in units.ts
const COUNTERS: usize = 52; // pointer: f64, as in counters.ts
const ID: usize = 56; // what hold() is told
const HELD: usize = 60; // pointer: a byte per table of the host's, 1 where it is held

// Of a table: its parent, low bits of what it is looked up by, the PPN of its page, its level.
const NODE_BITS: usize = 4;
const INDEX: usize = 4;
const TABLE_PPN: usize = 8;
const LEVEL: usize = 12;

// Of a page's record.
const RECORD_BITS: usize = 4;
const NODE: usize = 4;
const UNIT: usize = 8;
const PLACE: usize = 12;

// Counters, in bytes.
const ACCESSES: usize = 0;
const HOST_REFERENCES_ALL: usize = 8;
const L1_HITS: usize = 16;
const L2_HITS: usize = 40;
const MISSES: usize = 64;
const WALKS: usize = 88;
const EPT_VIOLATIONS: usize = 416;

const LEVEL_BITS: u32 = 9;
const FETCH: u32 = 2;

// Rows of a batch, column by column, at addresses of their own; before them only `path`.
const ROWS: usize = 65536;
const PAGE_AT: usize = 1024;
const PPN_AT: usize = PAGE_AT + 4 * ROWS;
const COUNT_AT: usize = PPN_AT + 4 * ROWS;
const KIND_AT: usize = COUNT_AT + 4 * ROWS;
const VCPU_AT: usize = KIND_AT + ROWS;
/** Where memory begins that belongs to nobody. */
export function end(): usize {
  return VCPU_AT + ROWS;
}
export function pageAt(): usize {
  return PAGE_AT;
}
export function ppnAt(): usize {
  return PPN_AT;
}

/** The hypervisor gives a machine the tables that a PPN needs. */
//@external("env", "hold")
declare function hold(machine: u32, ppn: u32): void;

/** Nodes on the path of a walk, by level. */
const path: usize = 16;

/** PPN bits above a table of this level. */
//@inline
function prefixOf(ppn: u32, level: u32): u32 {
  return LEVEL_BITS * level > 31 ? 0 : ppn >> (LEVEL_BITS * level);
}

//@inline
function add(counter: usize, n: f64, offset: usize): void {
  store<f64>(counter + offset, load<f64>(counter + offset) + n);
}

/** An EPT violation: the hypervisor enters a PPN into the host's tables of a machine. */
function violate(machine: usize, ppn: u32, page: u32): void {
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
  if (((load<u32>(load<usize>(machine, PRESENT) + ((page >> 5) << 2)) >> (page & 31)) & 1) == 0) violate(machine, ppn, page);
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
    store<u32>(path + (level << 2), node);
    node = load<u32>(record);
    level++;
  }
  const own = level - leafLevel + 1;
  let host: u32 = 0;
  if (level == levels && guestLevel > levels) host += nestedWalk(hardware, machine, load<u32>(nodes + (node << NODE_BITS), TABLE_PPN));
  while (level > leafLevel) {
    level--;
    node = load<u32>(path + (level << 2));
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

/**
 * Translates rows of the batch, counting, up to the first that the caller must see to: one without a first-level TLB for its size, which
 * is not looked up, or one that no TLB has, where `guestLevel` is −1. Returns it, or `to`.
 * Else misses walk with `guestLevel`.
 */
export function rows(hardware: usize, from: u32, to: u32, guestLevel: i32): u32 {
  const machine = load<usize>(hardware, MACHINE);
  const records = load<usize>(machine, RECORDS);
  const counters = load<usize>(machine, COUNTERS);
  const walks = guestLevel >= 0;
  const walksBetween = load<usize>(hardware, PDES) != 0;
  let size: u32 = 3;
  let data: usize = 0;
  let fetch: usize = 0;
  let second: usize = 0;
  let l1Hits: u64 = 0;
  let l2Hits: u32 = 0;
  let misses: u32 = 0;
  let hostReferences: u32 = 0;
  let accesses: u64 = 0;
  let i = from;
  for (; i < to; i++) {
    const record = records + (load<u32>(PAGE_AT + (i << 2)) << RECORD_BITS);
    const place = load<u32>(record, PLACE);
    const index = place >> 2;
    const unit = load<u32>(record, UNIT);
    const n: u64 = load<u32>(COUNT_AT + (i << 2));
    if ((place & 3) != size) {
      if (size < 3) flush(counters + (size << 3), l1Hits, l2Hits, misses);
      l1Hits = 0;
      l2Hits = 0;
      misses = 0;
      size = place & 3;
      data = load<usize>(hardware + (size << 2), L1);
      fetch = load<usize>(hardware + (size << 2), L1 + 12);
      second = load<usize>(hardware + (size << 2), L2);
    }
    const first = load<u8>(KIND_AT + i) == FETCH ? fetch : data;
    accesses += n;
    if (first == 0) break;
    if (walks ? use(first, unit, index) : findIn(first, unit, index)) {
      l1Hits += n;
      continue;
    }
    l1Hits += n - 1;
    if (walks && !walksBetween) {
      if (second != 0 && use(second, unit, index)) {
        l2Hits++;
        continue;
      }
    } else if (second != 0 && findIn(second, unit, index)) {
      l2Hits++;
      if (!walks) insert(first, unit, index);
      continue;
    }
    if (!walks) break;
    misses++;
    const references = walk(hardware, load<u32>(record, NODE), guestLevel, load<u32>(PPN_AT + (i << 2)));
    add(counters + (references << 3), 1, WALKS);
    hostReferences += load<u32>(hardware, HOST_REFERENCES);
    if (walksBetween && second != 0) insert(second, unit, index);
  }
  if (size < 3) flush(counters + (size << 3), l1Hits, l2Hits, misses);
  add(counters, hostReferences, HOST_REFERENCES_ALL);
  add(counters, <f64>accesses, ACCESSES);
  return i;
}

function flush(counters: usize, l1Hits: u64, l2Hits: u32, misses: u32): void {
  add(counters, <f64>l1Hits, L1_HITS);
  add(counters, l2Hits, L2_HITS);
  add(counters, misses, MISSES);
}

/**
 * Whether rows are all of one vCPU and show the PPNs that their pages were last seen with. Also brings the records near: here, where no
 * row waits for another, many can be on their way at once.
 */
export function areAsBefore(records: usize, from: u32, to: u32, vcpu: u32): bool {
  let differences: u32 = 0;
  for (let i = from; i < to; i++) {
    const record = records + (load<u32>(PAGE_AT + (i << 2)) << RECORD_BITS);
    differences |= (load<u32>(record) ^ load<u32>(PPN_AT + (i << 2))) | (load<u8>(VCPU_AT + i) ^ vcpu);
  }
  return differences == 0;
}

/** The first row that is of another vCPU or shows another PPN than its page was last seen with; `to` if none is. */
export function firstNews(records: usize, from: u32, to: u32, vcpu: u32): u32 {
  for (let i = from; i < to; i++) {
    const record = records + (load<u32>(PAGE_AT + (i << 2)) << RECORD_BITS);
    if (((load<u32>(record) ^ load<u32>(PPN_AT + (i << 2))) | (load<u8>(VCPU_AT + i) ^ vcpu)) != 0) return i;
  }
  return to;
}
