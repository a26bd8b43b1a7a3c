import type { Params, Random, Values } from "@tidemark/data/shapes";
import { nextUses } from "./curve/next-uses.ts";
import { policyMisses } from "./curve/policy-misses.ts";
import type { Policy } from "./policy.ts";

/** Misses of a policy with `capacity` pages of memory on accesses to pages below `distinct`, all in memory. */
export function missCount(
  pages: Uint32Array,
  distinct: number,
  capacity: number,
  policy: Policy,
  params: Values<Params>,
  random: Random,
): number {
  const future = policy.sees === "future" ? nextUses(distinct, pages.length) : undefined;
  future?.step(pages, pages.length);
  const counter = policyMisses(distinct, capacity, policy, params, random, future?.found());
  counter.step(pages, pages.length);
  return counter.misses();
}
