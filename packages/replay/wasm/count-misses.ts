// AssemblyScript (https://www.assemblyscript.org): misses of FIFO, CLOCK and LRU at one memory size, stack distances, and rows of a sample.
// `node packages/replay/wasm/build-count-misses.mjs` compiles this file into src/curve/count-misses-wasm.ts; a test keeps the two together.
//
// Memory is laid out by src/curve/counting.ts: `place` says where each array is, by its number. All numbers are 32 bits wide unless said
// otherwise. The layouts are explained where the functions are called from.

let pageState: usize = 0; // a byte per page, or the number of its latest access
let pages: u32 = 0; // that there are
let ring: usize = 0; // pages: who came when
let bits: usize = 0; // of the numbers of accesses
let tree: usize = 0; // sums of bits
let size: u32 = 0; // pages of memory
let entries: u32 = 0; // numbers that accesses can have; none has 0

let used: u32 = 0;
let hand: u32 = 0;
let next: u32 = 1;
let first: u32 = 1;
let reach: u32 = 64; // of LRU: a tail plus `ahead` bits that are set, to the end of a word
let ahead: u32 = 63;
export let touched: u32 = 0; // keeps loads that only bring pages' states near

export function place(state: usize, count: u32, ringAt: usize, marks: usize, nodes: usize, capacity: u32, numbers: u32): void {
  pageState = state;
  pages = count;
  ring = ringAt;
  bits = marks;
  tree = nodes;
  size = capacity;
  entries = numbers;
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

// Moves the pages of the stamps whose bits are set to the front, in order. Sets all bits again. Gives the first free stamp.
function gather(): u32 {
  let kept: u32 = 1;
  const end = next;
  for (let w: u32 = 0; w << 5 < end; w++) {
    let left = load<u32>(bits + ((<usize>w) << 2));
    if (w == 0) left &= 0xffff_fffe;
    for (; left != 0; left &= left - 1) {
      const stamp = (w << 5) + ctz(left);
      if (stamp >= end) break;
      const page = load<u32>(ring + ((<usize>stamp) << 2));
      store<u32>(ring + ((<usize>kept) << 2), page);
      store<u32>(pageState + ((<usize>page) << 2), kept++);
    }
  }
  setAll();
  return kept;
}

// Rows whose pages' states are asked for at once.
const AHEAD: usize = 128;

//@inline
function stateOf(row: usize): u32 {
  return load<u32>(pageState + ((<usize>load<u32>(row)) << 2));
}

//@inline
function bringNear(row: usize, to: usize): void {
  const until = min(to, row + 4 * AHEAD);
  let any: u32 = 0;
  let near = row;
  // Few steps for each: so many more can be on their way at once.
  for (; near + 16 <= until; near += 16) any |= stateOf(near) | stateOf(near + 4) | stateOf(near + 8) | stateOf(near + 12);
  for (; near < until; near += 4) any |= stateOf(near);
  touched = any;
}

// Numbers the latest accesses of the pages in memory anew, from 1, in order; all other pages have none. Sets all bits again. Gives the first
// free number.
function renumber(tail: u32): u32 {
  // Bits set before each word, from the tail on.
  const word = tail >>> 6;
  store<u64>(bits + ((<usize>word) << 3), load<u64>(bits + ((<usize>word) << 3)) & ((<u64>-1) << (<u64>tail & 63)));
  let before: u32 = 0;
  for (let w = word; w << 6 < next; w++) {
    store<u32>(tree + ((<usize>w) << 2), before);
    before += <u32>popcnt(load<u64>(bits + ((<usize>w) << 3)));
  }
  const end = pageState + ((<usize>pages) << 2);
  for (let own = pageState; own < end; own += 4) {
    const last = load<u32>(own);
    if (last < tail) store<u32>(own, 0);
    else {
      const lower = load<u64>(bits + ((<usize>(last >>> 6)) << 3)) & (((<u64>1) << (<u64>last & 63)) - 1);
      store<u32>(own, 1 + load<u32>(tree + ((<usize>(last >>> 6)) << 2)) + <u32>popcnt(lower));
    }
  }
  setAll();
  return used + 1;
}

// Clears the bit of a number, where `isCleared`.
//@inline
function clear(marks: usize, number: u32, isCleared: bool): void {
  const mark = marks + ((<usize>(number >>> 5)) << 2);
  store<u32>(mark, load<u32>(mark) & ~(u32(isCleared) << (number & 31)));
}

export function lru(from: usize, to: usize, out: usize): u32 {
  const state = pageState;
  const marks = bits;
  const full = entries;
  let head = next;
  let tail = first;
  let held = used;
  let open = reach;
  let set = ahead;
  let misses: u32 = 0;
  let row = from;
  while (row < to) {
    if (head == full) {
      next = head;
      used = held;
      head = renumber(tail);
      tail = 1;
      open = 64;
      set = 63;
    }
    const length = min(AHEAD, min(<usize>(full - head), (to - row) >>> 2));
    const end = row + 4 * length;
    bringNear(row, end);
    // Each row takes away at most one bit that is set behind the tail: so far the tail moves at most.
    for (; set < <u32>length; open += 64) set += <u32>popcnt(load<u64>(marks + ((<usize>(open >>> 6)) << 3)));
    // Rows of pages that were used further ahead hit, whatever the others do; the others are listed, without a branch.
    let listed = out;
    for (; row < end; row += 4) {
      const own = state + ((<usize>load<u32>(row)) << 2);
      const last = load<u32>(own);
      store<u32>(own, head++);
      const isOpen = last < open;
      store<u32>(listed, last);
      listed += (<usize>u32(isOpen)) << 2;
      clear(marks, last, !isOpen);
    }
    for (let at = out; at < listed; at += 4) {
      const last = load<u32>(at);
      if (last >= tail) {
        clear(marks, last, true);
        set--;
        continue;
      }
      misses++;
      if (held < size) {
        held++;
        continue;
      }
      set--;
      let word = marks + ((<usize>(tail >>> 5)) << 2);
      let left = load<u32>(word) & (0xffff_ffff << (tail & 31));
      while (left == 0) left = load<u32>((word += 4));
      tail = ((<u32>(word - marks)) << 3) + ctz(left) + 1;
    }
  }
  next = head;
  first = tail;
  used = held;
  reach = open;
  ahead = set;
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
      head = gather();
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
