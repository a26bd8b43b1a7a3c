import { assert } from "@tidemark/data";
import type { CurvePoint } from "./knee.ts";
import { NEVER, type NextUses } from "./next-uses.ts";

/** What Belady's policy does with memory. */
export interface Bound {
  /** Its misses with `size` pages; counting ends where there are more than `most`. */
  missesAt(size: number, most?: number): number;
  /** The smallest memory in which every page is read once: the most that are in use at once, from their first access to their last. */
  readonly enough: number;
}

/**
 * Belady's policy (Belady 1966) from next uses alone. A page in memory is known by the access that uses it next: the access at hand hits
 * where one is due, and what is given up is the page that is due last, or one that is due no more. Pages that are due are a bit per access,
 * with a bit above for every word that is not empty, and so on up: the latest is found from the top.
 */
export function beladyBound(nextUses: NextUses): Bound {
  const accesses = nextUses.length;
  const levels: Uint32Array[] = [];
  for (let bits = accesses; levels.length === 0 || bits > 1;) {
    bits = Math.ceil(bits / 32);
    levels.push(new Uint32Array(Math.max(1, bits)));
  }
  const [due] = levels;
  const top = levels.length - 1;
  /** Bits of the past are left where they are: while any page is due, the latest is of the future. */
  const becomesDue = (access: number): void => {
    for (let level = 0, at = access; level <= top; level++, at >>>= 5) {
      const word = levels[level][at >>> 5];
      levels[level][at >>> 5] = word | (1 << (at & 31));
      if (word !== 0) return;
    }
  };
  const giveUpLatest = (): void => {
    let latest = 0;
    for (let level = top; level >= 0; level--) latest = latest * 32 + 31 - Math.clz32(levels[level][latest]);
    for (let level = 0, at = latest; level <= top; level++, at >>>= 5) if ((levels[level][at >>> 5] &= ~(1 << (at & 31))) !== 0) return;
  };

  const missesAt = (size: number, most = Infinity): number => {
    assert(size >= 1, `a memory of ${size} pages`);
    for (const level of levels) level.fill(0);
    let resident = 0;
    /** Of these, used no more. */
    let dead = 0;
    let misses = 0;
    for (let access = 0; access < accesses; access++) {
      if (((due[access >>> 5] >>> (access & 31)) & 1) === 0) {
        if (++misses > most) return misses;
        if (resident < size) resident++;
        else if (dead > 0) dead--;
        else giveUpLatest();
      }
      const next = nextUses[access];
      if (next === NEVER) dead++;
      else becomesDue(next);
    }
    return misses;
  };

  let live = 0;
  let enough = 0;
  for (let access = 0; access < accesses; access++) {
    if (((due[access >>> 5] >>> (access & 31)) & 1) === 0) live++;
    if (live > enough) enough = live;
    const next = nextUses[access];
    if (next === NEVER) live--;
    else due[next >>> 5] |= 1 << (next & 31);
  }
  return { missesAt, enough };
}

/**
 * For each of `pageIns`, by rising number, the smallest memory in which Belady's policy has no more than so many misses beyond the `firsts`
 * that any memory has. More memory never misses more: Belady's is a stack policy (Mattson 1970). `known`: sizes counted already.
 */
export function leastMemories(
  { missesAt, enough }: Bound,
  firsts: number,
  pageIns: readonly number[],
  known: readonly CurvePoint[],
): readonly CurvePoint[] {
  let large: CurvePoint = { pages: enough, misses: firsts };
  return pageIns.map((allowed) => {
    const most = firsts + allowed;
    let small = allowed === 0 ? enough - 1 : 0;
    for (const { pages, misses } of known) {
      if (misses > most) small = Math.max(small, pages);
      else if (pages < large.pages) large = { pages, misses };
    }
    while (large.pages - small > 1) {
      const middle = (small + large.pages) >>> 1;
      const misses = missesAt(middle, most);
      if (misses > most) small = middle;
      else large = { pages: middle, misses };
    }
    return large;
  });
}
