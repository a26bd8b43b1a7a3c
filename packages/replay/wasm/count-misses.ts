// AssemblyScript (https://www.assemblyscript.org): misses of FIFO, CLOCK and LRU at one memory size, stack distances, and rows of a sample.
// `node packages/replay/wasm/build-count-misses.mjs` compiles this file into src/curve/count-misses-wasm.ts; a test keeps the two together.
//
// Memory is laid out by src/curve/counting.ts: `place` says where each array is, by its number. All numbers are 32 bits wide unless said
// otherwise. The layouts are explained where the functions are called from.

let pageState: usize = 0; // a byte per page, or its latest entry or stamp
let ring: usize = 0; // pages: who came when; for LRU the log
let bits: usize = 0; // of the entries of the log, or the stamps
let tree: usize = 0;
let size: u32 = 0; // pages of memory
let entries: u32 = 0; // of the log, or stamps there are; none has the number 0

let used: u32 = 0;
let hand: u32 = 0;
let next: u32 = 1;
let first: u32 = 1;
export let touched: u32 = 0; // keeps loads that only bring pages' states near

export function place(state: usize, pages: usize, marks: usize, nodes: usize, capacity: u32, count: u32): void {
  pageState = state;
  ring = pages;
  bits = marks;
  tree = nodes;
  size = capacity;
  entries = count;
  setAll();
}

// Sets the bits of all entries; the bytes of `bits` are whole words of 64.
function setAll(): void {
  memory.fill(bits, 0xff, (<usize>(entries + 63) >>> 6) << 3);
}

export function fifo(from: usize, to: usize): u32 {
  let at = hand;
  let misses: u32 = 0;
  for (let row = from; row < to; row += 4) {
    const page = load<u32>(row);
    if (load<u8>(pageState + page) != 0) continue;
    misses++;
    store<u8>(pageState + page, 1);
    const slot = ring + ((<usize>at) << 2);
    if (used < size) used++;
    else store<u8>(pageState + load<u32>(slot), 0);
    store<u32>(slot, page);
    if (++at == size) at = 0;
  }
  hand = at;
  return misses;
}

const RESIDENT: u8 = 1;
const REFERENCED: u8 = 2;

export function clock(from: usize, to: usize): u32 {
  let at = hand;
  let misses: u32 = 0;
  for (let row = from; row < to; row += 4) {
    const page = load<u32>(row);
    const before = load<u8>(pageState + page);
    if (before != 0) {
      if (before == RESIDENT) store<u8>(pageState + page, REFERENCED);
      continue;
    }
    misses++;
    store<u8>(pageState + page, RESIDENT);
    if (used < size) used++;
    else {
      for (;;) {
        const held = pageState + load<u32>(ring + ((<usize>at) << 2));
        if (load<u8>(held) != REFERENCED) {
          store<u8>(held, 0);
          break;
        }
        store<u8>(held, RESIDENT);
        if (++at == size) at = 0;
      }
    }
    store<u32>(ring + ((<usize>at) << 2), page);
    if (++at == size) at = 0;
  }
  hand = at;
  return misses;
}

// Moves the pages of the entries from `from` on whose bits are set to the front, in order. Sets all bits again. Gives the first free entry.
function gather(from: u32): u32 {
  let kept: u32 = 1;
  const end = next;
  for (let w = from >>> 5; w << 5 < end; w++) {
    let left = load<u32>(bits + ((<usize>w) << 2));
    if (w == from >>> 5) left &= 0xffff_ffff << (from & 31);
    for (; left != 0; left &= left - 1) {
      const entry = (w << 5) + ctz(left);
      if (entry >= end) break;
      const page = load<u32>(ring + ((<usize>entry) << 2));
      store<u32>(ring + ((<usize>kept) << 2), page);
      store<u32>(pageState + ((<usize>page) << 2), kept++);
    }
  }
  setAll();
  return kept;
}

// Rows whose pages' entries or stamps are asked for at once.
const AHEAD: usize = 256;

//@inline
function bringNear(row: usize, to: usize): void {
  const until = min(to, row + 4 * AHEAD);
  let any: u32 = 0;
  for (let near = row; near < until; near += 4) any |= load<u32>(pageState + ((<usize>load<u32>(near)) << 2));
  touched = any;
}

export function lru(from: usize, to: usize): u32 {
  const state = pageState;
  const log = ring;
  const marks = bits;
  const full = entries;
  let head = next;
  let tail = first;
  let misses: u32 = 0;
  for (let row = from; row < to; row += 4) {
    if (((row - from) & (4 * AHEAD - 1)) == 0) bringNear(row, to);
    if (head == full) {
      next = head;
      head = gather(tail);
      tail = 1;
    }
    const page = load<u32>(row);
    const own = state + ((<usize>page) << 2);
    const last = load<u32>(own);
    store<u32>(own, head);
    store<u32>(log + ((<usize>head) << 2), page);
    head++;
    if (last != 0) {
      const mark = marks + ((<usize>(last >>> 5)) << 2);
      store<u32>(mark, load<u32>(mark) & ~(1 << (last & 31)));
      continue;
    }
    misses++;
    if (used < size) {
      used++;
      continue;
    }
    let word = marks + ((<usize>(tail >>> 5)) << 2);
    let set = load<u32>(word) & (0xffff_ffff << (tail & 31));
    while (set == 0) set = load<u32>((word += 4));
    tail = <u32>((word - marks) << 3) + ctz(set);
    store<u32>(state + ((<usize>load<u32>(log + ((<usize>tail) << 2))) << 2), 0);
    tail++;
  }
  next = head;
  first = tail;
  return misses;
}

const BLOCK_BITS: u32 = 9; // stamps of a block, in bits
const BLOCK_BYTES: u32 = 1 << (BLOCK_BITS - 3);

// Adds the tree's node whose last block has just become whole: bits set in the blocks node − (lowest bit of node) … node − 1.
function grow(node: u32): void {
  let sum: u32 = 0;
  const block = bits + ((<usize>(node - 1)) << (BLOCK_BITS - 3));
  for (let at = block; at < block + BLOCK_BYTES; at += 8) sum += <u32>popcnt(load<u64>(at));
  const last = node & (node - 1);
  for (let child = node - 1; child != last; child &= child - 1) sum += load<u32>(tree + ((<usize>child) << 2));
  store<u32>(tree + ((<usize>node) << 2), sum);
}

export function distances(from: usize, to: usize, out: usize): void {
  const state = pageState;
  const pageAt = ring;
  const marks = bits;
  const nodes = tree;
  const full = entries;
  let head = next;
  let different = used;
  for (let row = from; row < to; row += 4, out += 4) {
    if (((row - from) & (4 * AHEAD - 1)) == 0) bringNear(row, to);
    if (head == full) {
      next = head;
      head = gather(1);
      for (let node: u32 = 1; node <= head >>> BLOCK_BITS; node++) grow(node);
    }
    const page = load<u32>(row);
    const own = state + ((<usize>page) << 2);
    const last = load<u32>(own);
    if (last == head - 1 && last != 0) {
      store<u32>(out, 1);
      continue;
    }
    store<u32>(own, head);
    store<u32>(pageAt + ((<usize>head) << 2), page);
    if (last == 0) {
      different++;
      store<u32>(out, 0);
    } else {
      const block = last >>> BLOCK_BITS;
      const word = marks + ((<usize>(last >>> 6)) << 3);
      const set = load<u64>(word);
      // Stamp 0 is nobody's, and its bit is set.
      let before = <u32>popcnt(set & (((<u64>1) << (<u64>last & 63)) - 1)) - 1;
      for (let at = marks + ((<usize>block) << (BLOCK_BITS - 3)); at < word; at += 8) before += <u32>popcnt(load<u64>(at));
      for (let node = block; node != 0; node &= node - 1) before += load<u32>(nodes + ((<usize>node) << 2));
      store<u32>(out, different - before);
      store<u64>(word, set & ~((<u64>1) << (<u64>last & 63)));
      const whole = head >>> BLOCK_BITS;
      for (let node = block + 1; node <= whole; node += node & (0 - node)) {
        const at = nodes + ((<usize>node) << 2);
        store<u32>(at, load<u32>(at) - 1);
      }
    }
    head++;
    if ((head & ((1 << BLOCK_BITS) - 1)) == 0) grow(head >>> BLOCK_BITS);
  }
  next = head;
  used = different;
}

// One more of each number in the rows.
export function tally(from: usize, to: usize, counts: usize): void {
  for (let row = from; row < to; row += 4) {
    const at = counts + ((<usize>load<u32>(row)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

// Puts the slots of those pages in the rows that are of a sample to `out`, in their order, and gives how many there are. A bit per page says
// whether it is; `slotOf` has its slot.
export function sample(from: usize, to: usize, out: usize, sampled: usize, slotOf: usize): u32 {
  let end = out;
  for (let row = from; row < to; row += 4) {
    // Without a branch: every page is written, and stays where it is one of the sample.
    const page = load<u32>(row);
    store<u32>(end, page);
    end += (<usize>((load<u32>(sampled + ((<usize>(page >>> 5)) << 2)) >>> (page & 31)) & 1)) << 2;
  }
  for (let at = out; at < end; at += 4) store<u32>(at, load<u32>(slotOf + ((<usize>load<u32>(at)) << 2)));
  return <u32>((end - out) >>> 2);
}
