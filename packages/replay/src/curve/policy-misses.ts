import { assert, type Params, type Random, type Values } from "@tidemark/data";
import { ACCESSED, type Policy, type PolicyView } from "../policy.ts";
import type { MissCounter } from "./miss-counter.ts";
import { NEVER, type NextUses } from "./next-uses.ts";

const RESIDENT = 4;

/** Misses of any policy with `capacity` pages of memory. Policies that see the future are given it. */
export function policyMisses(
  pageCount: number,
  capacity: number,
  policy: Policy,
  params: Values<Params>,
  random: Random,
  nextUses?: NextUses,
): MissCounter {
  assert(capacity >= 1, `a memory of ${capacity} pages`);
  const nextOf = policy.sees === "future" ? nextUses : undefined;
  // RESIDENT and the hardware's A bit.
  const bits = new Uint8Array(pageCount);
  // The access at hand, kept for `nextUse` alone: its page, and how many were before it.
  let current = 0;
  let now = 0;
  const view: PolicyView = {
    pages: pageCount,
    capacity: () => capacity,
    random,
    takeBits(page) {
      const taken = bits[page];
      bits[page] = taken & ~ACCESSED;
      return taken & ACCESSED;
    },
    nextUse(page) {
      assert(nextOf !== undefined && current === page, "nextUse is for policies that see the future, and for the page just touched");
      return nextOf[now] === NEVER ? Infinity : nextOf[now];
    },
  };
  const reclaimer = policy.create(view, params);
  const isTold = reclaimer.touched !== undefined;
  const seesBits = policy.sees === "bits";
  const seesFuture = nextOf !== undefined;
  let resident = 0;
  let misses = 0;
  let played = 0;
  return {
    misses: () => misses,
    step(pages, length) {
      for (let i = 0; i < length; i++) {
        const page = pages[i];
        if (seesFuture) [current, now] = [page, played + i];
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
      played += length;
    },
  };
}
