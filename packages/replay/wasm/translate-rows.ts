// AssemblyScript (https://www.assemblyscript.org): TLBs, paging-structure caches, and the walks that fill them.
// `node packages/replay/wasm/build.mjs` compiles this file into src/translation/translate-rows-wasm.ts; a test keeps the two together.
//
// Memory is laid out by src/translation/kernel.ts and hardware.ts. All numbers are 32 bits wide unless said otherwise.

import { entryOf, indexOf, keyOf, nodeOf, sizeOf } from "./entries";
import {
  ACCESSES,
  APART,
  COUNT_AT,
  COUNTERS,
  END,
  FETCH,
  HOST_REFERENCES,
  HOST_REFERENCES_ALL,
  KIND_AT,
  L1,
  L1_HITS,
  L2,
  L2_HITS,
  MACHINE,
  MISSES,
  NODES,
  PAGE_AT,
  PDES,
  PLAIN,
  PPN_AT,
  RECORDS,
  RECORD_BITS,
  TABLE_OF,
  VCPU_AT,
  WALKS,
} from "./layout";
import { findIn, insert, use } from "./lru-sets";
import { rowsByStages } from "./stages";
import { add, walk } from "./walk";
export { find, insert } from "./lru-sets";
export { walk } from "./walk";

/** Where memory begins that belongs to nobody. */
export function end(): usize {
  return END;
}
export function pageAt(): usize {
  return PAGE_AT;
}
export function ppnAt(): usize {
  return PPN_AT;
}

/**
 * Translates rows of the batch, counting, up to the first that the caller must see to: one without a first-level TLB for its size, which
 * is not looked up, or one that no TLB has, where `guestLevel` is −1. Returns it, or `to`.
 * Else misses walk with `guestLevel`.
 */
export function rows(hardware: usize, from: u32, to: u32, guestLevel: i32): u32 {
  const machine = load<usize>(hardware, MACHINE);
  const records = load<usize>(machine, RECORDS);
  const nodes = load<usize>(machine, NODES);
  const tableOf = load<usize>(machine, TABLE_OF);
  const counters = load<usize>(machine, COUNTERS);
  const isPlain = load<u32>(hardware, PLAIN) != 0;
  const walks = guestLevel >= 0;
  const walksBetween = load<usize>(hardware, PDES) != 0;
  if (walks && !walksBetween && load<u32>(hardware, APART) != 0) return rowsByStages(hardware, from, to, guestLevel);
  let size = sizeOf(nodes, entryOf(records, from));
  let data = load<usize>(hardware + (size << 2), L1);
  let fetch = load<usize>(hardware + (size << 2), L1 + 12);
  let second = load<usize>(hardware + (size << 2), L2);
  let l1Hits: u64 = 0;
  let l2Hits: u32 = 0;
  let misses: u32 = 0;
  let hostReferences: u32 = 0;
  let accesses: u64 = 0;
  let i = from;
  for (; i < to; i++) {
    const entry = entryOf(records, i);
    const key = keyOf(isPlain, tableOf, entry);
    const index = indexOf(isPlain, nodes, entry);
    const n: u64 = load<u32>(COUNT_AT + (i << 2));
    if (!isPlain && sizeOf(nodes, entry) != size) {
      flush(counters + (size << 3), l1Hits, l2Hits, misses);
      l1Hits = 0;
      l2Hits = 0;
      misses = 0;
      size = sizeOf(nodes, entry);
      data = load<usize>(hardware + (size << 2), L1);
      fetch = load<usize>(hardware + (size << 2), L1 + 12);
      second = load<usize>(hardware + (size << 2), L2);
    }
    const first = load<u8>(KIND_AT + i) == FETCH ? fetch : data;
    accesses += n;
    if (first == 0) break;
    if (walks ? use(first, key, index) : findIn(first, key, index)) {
      l1Hits += n;
      continue;
    }
    l1Hits += n - 1;
    if (walks && !walksBetween) {
      if (second != 0 && use(second, key, index)) {
        l2Hits++;
        continue;
      }
    } else if (second != 0 && findIn(second, key, index)) {
      l2Hits++;
      if (!walks) insert(first, key, index);
      continue;
    }
    if (!walks) break;
    misses++;
    const references = walk(hardware, nodeOf(entry), guestLevel, load<u32>(PPN_AT + (i << 2)));
    add(counters + (references << 3), 1, WALKS);
    hostReferences += load<u32>(hardware, HOST_REFERENCES);
    if (walksBetween && second != 0) insert(second, key, index);
  }
  flush(counters + (size << 3), l1Hits, l2Hits, misses);
  add(counters, hostReferences, HOST_REFERENCES_ALL);
  add(counters, <f64>accesses, ACCESSES);
  return i;
}

function flush(counters: usize, l1Hits: u64, l2Hits: u32, misses: u32): void {
  add(counters, <f64>l1Hits, L1_HITS);
  add(counters, l2Hits, L2_HITS);
  add(counters, misses, MISSES);
}

/** What a row shows beside the PPN that its page was last seen with: 0 where they are the same. */
//@inline
function difference(records: usize, i: u32): u32 {
  const record = records + (load<u32>(PAGE_AT + (i << 2)) << RECORD_BITS);
  return load<u32>(record) ^ load<u32>(PPN_AT + (i << 2));
}

/**
 * Whether rows are all of one vCPU and show the PPNs that their pages were last seen with. Also brings the records near: here, where no
 * row waits for another and each takes few steps, many can be on their way at once.
 */
export function areAsBefore(records: usize, from: u32, to: u32, vcpu: u32): bool {
  let differences: u32 = 0;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    differences |= difference(records, i) | difference(records, i + 1) | difference(records, i + 2) | difference(records, i + 3);
  }
  for (; i < to; i++) differences |= difference(records, i);
  let vcpus = i8x16.splat(0);
  const wanted = i8x16.splat(vcpu as u8);
  for (i = from; i + 16 <= to; i += 16) vcpus = v128.or(vcpus, v128.xor(v128.load(VCPU_AT + i), wanted));
  for (; i < to; i++) differences |= load<u8>(VCPU_AT + i) ^ vcpu;
  return differences == 0 && !v128.any_true(vcpus);
}

/** The first row that is of another vCPU or shows another PPN than its page was last seen with; `to` if none is. */
export function firstNews(records: usize, from: u32, to: u32, vcpu: u32): u32 {
  for (let i = from; i < to; i++) {
    const record = records + (load<u32>(PAGE_AT + (i << 2)) << RECORD_BITS);
    if (((load<u32>(record) ^ load<u32>(PPN_AT + (i << 2))) | (load<u8>(VCPU_AT + i) ^ vcpu)) != 0) return i;
  }
  return to;
}
