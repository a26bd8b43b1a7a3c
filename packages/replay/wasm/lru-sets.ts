// AssemblyScript (https://www.assemblyscript.org): the caches of translate-rows.ts, which is compiled together with this file.

// A cache: set-associative, true LRU. The keys of a set stand in order of use, the most recent first, so that four at a time are compared
// and moved; a set takes whole vectors. Unused ways, and those that only fill a vector, hold NO_KEY.
const MASK: usize = 0; // sets − 1
const VECTORS: usize = 4; // of a set
const LAST: usize = 8; // ways − 1
const FILLING: usize = 16; // see fillingOf
const KEYS: usize = 32; // the sets

/** Where the keys of a set are, in order of use. */
//@inline
export function keysOf(cache: usize, index: u32): usize {
  return cache + KEYS + (((index & load<u32>(cache, MASK)) * load<u32>(cache, VECTORS)) << 4);
}

/** Whether all keys are in one set of so many ways. */
//@inline
export function isOneSetOf(cache: usize, ways: u32): bool {
  return load<u32>(cache, MASK) == 0 && load<u32>(cache, LAST) == ways - 1;
}

/** The lanes up to and including a lane. */
//@inline
function lanesTo(lane: u32): v128 {
  return i32x4.le_u(i32x4(0, 1, 2, 3), i32x4.splat(lane));
}

/** Whether all keys are in one vector. */
//@inline
export function isOneVector(cache: usize): bool {
  return load<u32>(cache, MASK) == 0 && load<u32>(cache, VECTORS) == 1;
}

/** The last vector of a set: all bits of the lanes that only fill it. */
//@inline
export function fillingOf(cache: usize): v128 {
  return v128.load(cache, FILLING);
}

/**
 * The keys of a set of one vector after `wanted` was used, which they have where `equal` is set, or else nowhere. No number is taken out
 * of a vector on the way, which takes long: the next lookup in the set waits for this one.
 */
//@inline
export function withFirst(keys: v128, wanted: v128, equal: v128, filling: v128): v128 {
  const zero = i32x4.splat(0);
  const one = v128.shuffle<i32>(zero, equal, 3, 4, 5, 6);
  const two = v128.shuffle<i32>(zero, equal, 2, 3, 4, 5);
  const three = v128.shuffle<i32>(zero, equal, 1, 2, 3, 4);
  const stay = v128.or(v128.or(one, two), v128.or(three, filling));
  return v128.bitselect(keys, v128.shuffle<i32>(wanted, keys, 3, 4, 5, 6), stay);
}

/** Moves the keys before way `at` back by one and puts `key` first: what stood at `at` is gone. */
//@inline
function putFirst(set: usize, at: u32, key: u32): void {
  let carry = i32x4.splat(key);
  const last = set + ((at >> 2) << 4);
  for (; set < last; set += 16) {
    const keys = v128.load(set);
    v128.store(set, v128.shuffle<i32>(carry, keys, 3, 4, 5, 6));
    carry = keys;
  }
  const keys = v128.load(last);
  v128.store(last, v128.bitselect(v128.shuffle<i32>(carry, keys, 3, 4, 5, 6), keys, lanesTo(at & 3)));
}

//@inline
export function findIn(cache: usize, key: u32, index: u32): bool {
  const set = keysOf(cache, index);
  const wanted = i32x4.splat(key);
  const vectors = load<u32>(cache, VECTORS);
  if (vectors == 1) {
    const keys = v128.load(set);
    const equal = i32x4.bitmask(i32x4.eq(keys, wanted));
    if (equal == 0) return false;
    v128.store(set, v128.bitselect(v128.shuffle<i32>(wanted, keys, 3, 4, 5, 6), keys, lanesTo(ctz(equal))));
    return true;
  }
  return findWide(set, wanted, vectors, key);
}

function findWide(set: usize, wanted: v128, vectors: u32, key: u32): bool {
  const end = set + (vectors << 4);
  for (let at = set; at < end; at += 16) {
    const equal = i32x4.eq(v128.load(at), wanted);
    if (!v128.any_true(equal)) continue;
    putFirst(set, (((at - set) >> 2) as u32) + ctz(i32x4.bitmask(equal)), key);
    return true;
  }
  return false;
}

/** Whether the key is there; it becomes the most recent of its set. */
export function find(cache: usize, key: u32, index: u32): bool {
  return findIn(cache, key, index);
}

/** Puts in a key that is not there, as the most recent of its set; the least recent goes. */
export function insert(cache: usize, key: u32, index: u32): void {
  putFirst(keysOf(cache, index), load<u32>(cache, LAST), key);
}

/** Whether the key is there; if not it is put in. Either way it becomes the most recent of its set. */
//@inline
export function use(cache: usize, key: u32, index: u32): bool {
  const set = keysOf(cache, index);
  const wanted = i32x4.splat(key);
  const vectors = load<u32>(cache, VECTORS);
  if (vectors == 1) {
    const keys = v128.load(set);
    const equal = i32x4.eq(keys, wanted);
    v128.store(set, withFirst(keys, wanted, equal, fillingOf(cache)));
    return v128.any_true(equal);
  }
  if (vectors == 3) {
    // Without a branch: which way it is, nobody can foretell.
    const a = v128.load(set);
    const b = v128.load(set, 16);
    const c = v128.load(set, 32);
    const equal =
      i32x4.bitmask(i32x4.eq(a, wanted)) | (i32x4.bitmask(i32x4.eq(b, wanted)) << 4) | (i32x4.bitmask(i32x4.eq(c, wanted)) << 8);
    const at = i32x4.splat(ctz(equal | (1 << load<u32>(cache, LAST))));
    v128.store(set, v128.bitselect(v128.shuffle<i32>(wanted, a, 3, 4, 5, 6), a, i32x4.le_u(i32x4(0, 1, 2, 3), at)));
    v128.store(set, v128.bitselect(v128.shuffle<i32>(a, b, 3, 4, 5, 6), b, i32x4.le_u(i32x4(4, 5, 6, 7), at)), 16);
    v128.store(set, v128.bitselect(v128.shuffle<i32>(b, c, 3, 4, 5, 6), c, i32x4.le_u(i32x4(8, 9, 10, 11), at)), 32);
    return equal != 0;
  }
  if (vectors == 4 && load<u32>(cache, LAST) == 15) {
    const a = v128.load(set);
    const b = v128.load(set, 16);
    const c = v128.load(set, 32);
    const d = v128.load(set, 48);
    const equal = v128.or(v128.or(i32x4.eq(a, wanted), i32x4.eq(b, wanted)), v128.or(i32x4.eq(c, wanted), i32x4.eq(d, wanted)));
    if (v128.any_true(equal)) return findWide(set, wanted, vectors, key);
    v128.store(set, v128.shuffle<i32>(wanted, a, 3, 4, 5, 6));
    v128.store(set, v128.shuffle<i32>(a, b, 3, 4, 5, 6), 16);
    v128.store(set, v128.shuffle<i32>(b, c, 3, 4, 5, 6), 32);
    v128.store(set, v128.shuffle<i32>(c, d, 3, 4, 5, 6), 48);
    return false;
  }
  if (findWide(set, wanted, vectors, key)) return true;
  putFirst(set, load<u32>(cache, LAST), key);
  return false;
}
