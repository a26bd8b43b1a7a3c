/** A slot without a key. Keys are any other Int32. */
export const NO_KEY = -1;

/**
 * The ways of a cache set as a ring in order of use. A slot has four fields, so that one line of the real cache has all of them: its
 * key, the next more recently and the next less recently used slot of its set, and the set's *head*, which holds the slot used last.
 * Next more recent after that comes the one used longest ago: to take its place is to turn the ring by one. Slots are numbered by their
 * first field, a multiple of four.
 */
const NEWER = 1,
  OLDER = 2,
  HEAD = 3;
const FIELDS = 4;

/** Fields that so many slots take. */
export const fieldsOf = (entries: number): number => FIELDS * entries;

/** Lays out empty sets from slot `first` on, and their heads from `head` on. */
export function layRings(slots: Int32Array, first: number, entries: number, ways: number, head: number): void {
  for (let entry = 0; entry < entries; entry++) {
    const way = entry % ways;
    const slot = first + FIELDS * entry;
    const set = slot - FIELDS * way;
    slots[slot] = NO_KEY;
    slots[slot | NEWER] = set + FIELDS * ((way + ways - 1) % ways);
    slots[slot | OLDER] = set + FIELDS * ((way + 1) % ways);
    slots[slot | HEAD] = head + Math.floor(entry / ways);
    if (way === 0) slots[slots[slot | HEAD]] = slot;
  }
}

/** The slot of a set that was used longest ago, or that is empty. */
export const oldestOf = (slots: Int32Array, head: number): number => slots[slots[head] | NEWER];

/** Gives the oldest slot of a set to a key that is now the most recent. */
export function replaceOldest(slots: Int32Array, head: number, slot: number, key: number): void {
  slots[slot] = key;
  slots[head] = slot;
}

/** A slot becomes the most recent of its set. */
export function renew(slots: Int32Array, slot: number): void {
  const head = slots[slot | HEAD];
  const latest = slots[head];
  if (slot === latest) return;
  const newer = slots[slot | NEWER];
  const older = slots[slot | OLDER];
  slots[newer | OLDER] = older;
  slots[older | NEWER] = newer;
  const oldest = slots[latest | NEWER];
  slots[slot | NEWER] = oldest;
  slots[slot | OLDER] = latest;
  slots[oldest | OLDER] = slot;
  slots[latest | NEWER] = slot;
  slots[head] = slot;
}

/** Empties a slot; the order of the others stays. */
export function empty(slots: Int32Array, slot: number): void {
  renew(slots, slot);
  slots[slots[slot | HEAD]] = slots[slot | OLDER];
  slots[slot] = NO_KEY;
}
