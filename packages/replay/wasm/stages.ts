// AssemblyScript (https://www.assemblyscript.org): rows translated stage by stage; see translate-rows.ts.
//
// A row mostly waits: for branches that nobody can foretell (does the TLB have it?) and for one cache after the other. So each cache sees
// all rows of a stretch before the next one does, and those that it lacks are listed without a branch. The caches share nothing: each
// still gets its lookups in order.

import { entryOf, indexOf, keyOf, nodeOf, sizeOf } from "./entries";
import {
  ACCESSES,
  COUNT_AT,
  COUNTERS,
  FETCH,
  FIRST_TABLE,
  HISTOGRAM,
  HOST_LEAF,
  HOST_LEVELS,
  HOST_PAGING,
  HOST_REFERENCES_ALL,
  HOST_SHIFT,
  HOST_WALKS,
  INDEX,
  KIND_AT,
  L1,
  L1_HITS,
  L1_MISSED,
  L2,
  L2_HITS,
  LEVEL,
  LEVELS,
  LOOKUPS,
  MACHINE,
  MISSED,
  MISSES,
  NESTED_TLB,
  NODES,
  NODE_BITS,
  PAGING,
  PATH,
  PLAIN,
  PPN_AT,
  PRESENT,
  RECORDS,
  REFERENCES,
  REFERENCES_MAX,
  STRETCH,
  TABLE_OF,
  TABLE_PPN,
  WALKS,
} from "./layout";
import { fillingOf, isOneSetOf, isOneVector, keysOf, use, withFirst } from "./lru-sets";
import { add, isPresent, prefixOf, violate } from "./walk";

/** What stages leave to those behind them, beside their lists. */
let missedByL1: u32 = 0;
let missed: u32 = 0;
let lookups: u32 = 0;
let hostWalks: u32 = 0;

/**
 * `rows` of translate-rows.ts where all walks are the kernel's, no TLB keeps addresses of tables and no paging cache those of several
 * levels.
 */
export function rowsByStages(hardware: usize, from: u32, to: u32, guestLevel: u32): u32 {
  const machine = load<usize>(hardware, MACHINE);
  const counters = load<usize>(machine, COUNTERS);
  let row = from;
  while (row < to) {
    const end = min(row + STRETCH, to);
    row = lookUpFirst(hardware, machine, row, end);
    lookUpSecond(hardware, machine);
    walkGuest(hardware, machine, guestLevel);
    lookUpNested(hardware, machine);
    walkHost(hardware, machine);
    for (let walk: u32 = 0; walk < missed; walk++) {
      const sum = HISTOGRAM + (load<u32>(REFERENCES + (walk << 2)) << 2);
      store<u32>(sum, load<u32>(sum) + 1);
    }
    if (row < end) break;
  }
  for (let references: usize = 0; references <= REFERENCES_MAX; references++) {
    add(counters + (references << 3), load<u32>(HISTOGRAM + (references << 2)), WALKS);
    store<u32>(HISTOGRAM + (references << 2), 0);
  }
  return row;
}

/** Looks rows up in the first level, up to one for whose size there is none; lists those that it lacks. */
//@inline
function lookUpFirst(hardware: usize, machine: usize, from: u32, to: u32): u32 {
  const records = load<usize>(machine, RECORDS);
  const nodes = load<usize>(machine, NODES);
  const tableOf = load<usize>(machine, TABLE_OF);
  const counters = load<usize>(machine, COUNTERS);
  const isPlain = load<u32>(hardware, PLAIN) != 0;
  let size = sizeOf(nodes, entryOf(records, from));
  let data = load<usize>(hardware + (size << 2), L1);
  let fetch = load<usize>(hardware + (size << 2), L1 + 12);
  let hits: u64 = 0;
  let accesses: u64 = 0;
  let listed: u32 = 0;
  let i = from;
  for (; i < to; i++) {
    const entry = entryOf(records, i);
    const n: u64 = load<u32>(COUNT_AT + (i << 2));
    if (!isPlain && sizeOf(nodes, entry) != size) {
      add(counters + (size << 3), <f64>hits, L1_HITS);
      hits = 0;
      size = sizeOf(nodes, entry);
      data = load<usize>(hardware + (size << 2), L1);
      fetch = load<usize>(hardware + (size << 2), L1 + 12);
    }
    const cache = load<u8>(KIND_AT + i) == FETCH ? fetch : data;
    accesses += n;
    if (cache == 0) break;
    const isHit = use(cache, keyOf(isPlain, tableOf, entry), indexOf(isPlain, nodes, entry));
    hits += n - u64(!isHit);
    store<u32>(L1_MISSED + (listed << 2), i);
    listed += u32(!isHit);
  }
  add(counters + (size << 3), <f64>hits, L1_HITS);
  add(counters, <f64>accesses, ACCESSES);
  missedByL1 = listed;
  return i;
}

/** Looks up in the second level what the first lacks; lists what nobody has. */
//@inline
function lookUpSecond(hardware: usize, machine: usize): void {
  if (missedByL1 == 0) {
    missed = 0;
    return;
  }
  const records = load<usize>(machine, RECORDS);
  const nodes = load<usize>(machine, NODES);
  const tableOf = load<usize>(machine, TABLE_OF);
  const counters = load<usize>(machine, COUNTERS);
  const isPlain = load<u32>(hardware, PLAIN) != 0;
  let size = sizeOf(nodes, entryOf(records, load<u32>(L1_MISSED)));
  let cache = load<usize>(hardware + (size << 2), L2);
  let hits: u32 = 0;
  let listed: u32 = 0;
  let since: u32 = 0;
  for (let at: u32 = 0; at < missedByL1; at++) {
    const i = load<u32>(L1_MISSED + (at << 2));
    const entry = entryOf(records, i);
    if (!isPlain && sizeOf(nodes, entry) != size) {
      add(counters + (size << 3), hits, L2_HITS);
      add(counters + (size << 3), listed - since, MISSES);
      hits = 0;
      since = listed;
      size = sizeOf(nodes, entry);
      cache = load<usize>(hardware + (size << 2), L2);
    }
    const isHit = cache != 0 && use(cache, keyOf(isPlain, tableOf, entry), indexOf(isPlain, nodes, entry));
    hits += u32(isHit);
    store<u32>(MISSED + (listed << 2), i);
    listed += u32(!isHit);
  }
  add(counters + (size << 3), hits, L2_HITS);
  add(counters + (size << 3), listed - since, MISSES);
  missed = listed;
}

/** A lookup for the nested TLB, or a walk of the host's tables. */
//@inline
function list(at: usize, ppn: u32, walk: u32): void {
  store<u32>(at, ppn);
  store<u32>(at, walk, 4);
}

/** Walks the guest's tables for rows that no TLB has; lists the PPNs whose frames the walks need, in order. See `walk` in walk.ts. */
//@inline
function walkGuest(hardware: usize, machine: usize, guestLevel: u32): void {
  const records = load<usize>(machine, RECORDS);
  const nodes = load<usize>(machine, NODES);
  const levels = load<u32>(machine, LEVELS);
  let end = LOOKUPS;
  for (let walk: u32 = 0; walk < missed; walk++) {
    const i = load<u32>(MISSED + (walk << 2));
    let node = nodeOf(entryOf(records, i));
    const leafLevel = load<u32>(nodes + (node << NODE_BITS), LEVEL);
    let level = leafLevel;
    while (level < levels) {
      const record = nodes + (node << NODE_BITS);
      const cache = load<usize>(hardware + (level << 2), PAGING);
      if (cache != 0 && use(cache, node, load<u32>(record, INDEX))) break;
      store<u32>(PATH + (level << 2), node);
      node = load<u32>(record);
      level++;
    }
    store<u32>(REFERENCES + (walk << 2), level - leafLevel + 1);
    if (level == levels && guestLevel > levels) {
      list(end, load<u32>(nodes + (node << NODE_BITS), TABLE_PPN), walk);
      end += 8;
    }
    while (level > leafLevel) {
      level--;
      if (level >= guestLevel) continue;
      list(end, load<u32>(nodes + (load<u32>(PATH + (level << 2)) << NODE_BITS), TABLE_PPN), walk);
      end += 8;
    }
    if (guestLevel == 0) continue;
    list(end, load<u32>(PPN_AT + (i << 2)), walk);
    end += 8;
  }
  lookups = end;
}

/** Looks listed PPNs up in the nested TLB; lists those that it lacks. */
//@inline
function lookUpNested(hardware: usize, machine: usize): void {
  const cache = load<usize>(hardware, NESTED_TLB);
  const shift = load<u32>(machine, HOST_SHIFT);
  let end = HOST_WALKS;
  if (cache != 0 && isOneSetOf(cache, 16)) {
    // One set: it stays in registers.
    const keys = keysOf(cache, 0);
    let a = v128.load(keys);
    let b = v128.load(keys, 16);
    let c = v128.load(keys, 32);
    let d = v128.load(keys, 48);
    for (let at: usize = LOOKUPS; at < lookups; at += 8) {
      const both = load<u64>(at);
      const wanted = i32x4.splat(u32(both) >> shift);
      const equalA = i32x4.eq(a, wanted);
      const equalB = i32x4.eq(b, wanted);
      const equalC = i32x4.eq(c, wanted);
      const equalD = i32x4.eq(d, wanted);
      if (v128.any_true(v128.or(v128.or(equalA, equalB), v128.or(equalC, equalD)))) {
        const equal = i32x4.bitmask(equalA) | (i32x4.bitmask(equalB) << 4) | (i32x4.bitmask(equalC) << 8) | (i32x4.bitmask(equalD) << 12);
        const way = i32x4.splat(ctz(equal));
        d = v128.bitselect(v128.shuffle<i32>(c, d, 3, 4, 5, 6), d, i32x4.le_s(i32x4(12, 13, 14, 15), way));
        c = v128.bitselect(v128.shuffle<i32>(b, c, 3, 4, 5, 6), c, i32x4.le_s(i32x4(8, 9, 10, 11), way));
        b = v128.bitselect(v128.shuffle<i32>(a, b, 3, 4, 5, 6), b, i32x4.le_s(i32x4(4, 5, 6, 7), way));
        a = v128.bitselect(v128.shuffle<i32>(wanted, a, 3, 4, 5, 6), a, i32x4.le_s(i32x4(0, 1, 2, 3), way));
        continue;
      }
      d = v128.shuffle<i32>(c, d, 3, 4, 5, 6);
      c = v128.shuffle<i32>(b, c, 3, 4, 5, 6);
      b = v128.shuffle<i32>(a, b, 3, 4, 5, 6);
      a = v128.shuffle<i32>(wanted, a, 3, 4, 5, 6);
      store<u64>(end, both);
      end += 8;
    }
    v128.store(keys, a);
    v128.store(keys, b, 16);
    v128.store(keys, c, 32);
    v128.store(keys, d, 48);
  } else {
    for (let at: usize = LOOKUPS; at < lookups; at += 8) {
      const both = load<u64>(at);
      const page = u32(both) >> shift;
      const isHit = cache != 0 && use(cache, page, page);
      store<u64>(end, both);
      end += u32(!isHit) << 3;
    }
  }
  hostWalks = end;
}

/** Walks the host's tables for the listed PPNs, level by level, and adds the references to those of the walks. */
//@inline
function walkHost(hardware: usize, machine: usize): void {
  const shift = load<u32>(machine, HOST_SHIFT);
  const present = load<usize>(machine, PRESENT);
  const leaf = load<u32>(machine, HOST_LEAF);
  const levels = load<u32>(machine, HOST_LEVELS);
  for (let at: usize = HOST_WALKS; at < hostWalks; at += 8) {
    const ppn = load<u32>(at);
    const page = ppn >> shift;
    if (!isPresent(present, page)) violate(machine, ppn, page);
  }
  let references: u32 = 0;
  for (let level = leaf; level <= levels; level++) {
    references += u32(hostWalks - HOST_WALKS) >> 3;
    const cache = level < levels ? load<usize>(hardware + (level << 2), HOST_PAGING) : 0;
    const firstTable = load<u32>(machine + (level << 2), FIRST_TABLE);
    let end = HOST_WALKS;
    if (cache != 0 && isOneVector(cache)) {
      // It stays in a register: all lookups wait for each other.
      const set = keysOf(cache, 0);
      const filling = fillingOf(cache);
      let keys = v128.load(set);
      for (let at: usize = HOST_WALKS; at < hostWalks; at += 8) {
        const both = load<u64>(at);
        const sum = REFERENCES + (u32(both >> 32) << 2);
        store<u32>(sum, load<u32>(sum) + 1);
        const wanted = i32x4.splat(firstTable + prefixOf(u32(both), level));
        const equal = i32x4.eq(keys, wanted);
        keys = withFirst(keys, wanted, equal, filling);
        store<u64>(end, both);
        end += u32(!v128.any_true(equal)) << 3;
      }
      v128.store(set, keys);
    } else {
      for (let at: usize = HOST_WALKS; at < hostWalks; at += 8) {
        const both = load<u64>(at);
        const sum = REFERENCES + (u32(both >> 32) << 2);
        store<u32>(sum, load<u32>(sum) + 1);
        const prefix = prefixOf(u32(both), level);
        const isHit = cache != 0 && use(cache, firstTable + prefix, prefix);
        store<u64>(end, both);
        end += u32(!isHit) << 3;
      }
    }
    hostWalks = end;
  }
  add(load<usize>(machine, COUNTERS), references, HOST_REFERENCES_ALL);
}
