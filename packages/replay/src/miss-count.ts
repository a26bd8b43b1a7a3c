import { assert, type Params, type Values } from "@tidemark/data";
import { ACCESSED, type Policy, type PolicyView } from "./policy.ts";
import type { Random } from "./random.ts";

const RESIDENT = 4;

/**
 * Misses of a policy with `capacity` pages of memory on accesses to pages below `distinct`: paging on demand from empty memory, one
 * page for one page. The first access to a page is a miss; the access that admits a page is not its reference.
 */
export function missCount(
  pages: Uint32Array,
  distinct: number,
  capacity: number,
  policy: Policy,
  params: Values<Params>,
  random: Random,
): number {
  assert(capacity >= 1, `a memory of ${capacity} pages`);
  // RESIDENT and the hardware's A bit.
  const bits = new Uint8Array(distinct);
  const nextTouch = policy.sees === "future" ? nextTouches(pages, distinct) : undefined;
  // The access at hand, kept for `nextUse` alone.
  let now = 0;
  const view: PolicyView = {
    pages: distinct,
    capacity: () => capacity,
    random,
    takeBits(page) {
      const taken = bits[page];
      bits[page] = taken & ~ACCESSED;
      return taken & ACCESSED;
    },
    nextUse(page) {
      assert(nextTouch !== undefined && pages[now] === page, "nextUse is for policies that see the future, and for the page just touched");
      return nextTouch[now] === pages.length ? Infinity : nextTouch[now];
    },
  };
  const reclaimer = policy.create(view, params);
  const isTold = reclaimer.touched !== undefined;
  const seesBits = policy.sees === "bits";
  let resident = 0;
  let misses = 0;
  for (let at = 0; at < pages.length; at++) {
    const page = pages[at];
    if (nextTouch !== undefined) now = at;
    if (bits[page] !== 0) {
      if (seesBits) bits[page] = RESIDENT | ACCESSED;
      if (isTold) reclaimer.touched?.(page, false);
      continue;
    }
    misses++;
    if (resident === capacity) {
      const victim = reclaimer.victim(page);
      bits[victim] = 0;
      reclaimer.removed(victim, true);
    } else resident++;
    bits[page] = RESIDENT;
    reclaimer.admitted(page, false);
  }
  return misses;
}

/** Where each access's page is accessed next; the number of accesses where it is not. */
function nextTouches(pages: Uint32Array, distinct: number): Uint32Array {
  const next = new Uint32Array(pages.length);
  const nextOf = new Uint32Array(distinct).fill(pages.length);
  for (let at = pages.length - 1; at >= 0; at--) {
    next[at] = nextOf[pages[at]];
    nextOf[pages[at]] = at;
  }
  return next;
}
