import { readParams } from "@tidemark/data";
import { expect, test } from "vitest";
import { ACCESSED, NO_PAGE } from "../policy.ts";
import { policyLaws, victimsOf } from "../policy-laws.ts";
import { mglru } from "./mglru.ts";

// Generations as arrays, the oldest first; within one, the page that joined first goes first.
policyLaws(mglru, ({ takeBits }) => {
  let generations: number[][] = [[], []];
  const isAccessed = (page: number) => (takeBits(page) & ACCESSED) !== 0;
  const dropEmpty = () => {
    while (generations.length > 2 && generations[0].length === 0) generations.shift();
  };
  const age = () => {
    const young = generations.toReversed().flatMap((pages) => pages.filter(isAccessed));
    generations = generations.map((pages) => pages.filter((page) => !young.includes(page)));
    generations[generations.length - 1].push(...young);
    generations.push([]);
  };
  return {
    admitted: (page) => generations[generations.length - 1].push(page),
    removed(page) {
      generations = generations.map((pages) => pages.filter((other) => other !== page));
    },
    victim() {
      if (generations.flat().length === 0) return NO_PAGE;
      for (;;) {
        dropEmpty();
        if (generations.length < 3) age();
        dropEmpty();
        const [page] = generations[0];
        if (generations.length < 3) continue;
        if (!isAccessed(page)) return page;
        generations[generations.length - 1].push(...generations[0].splice(0, 1));
      }
    },
    tick() {
      dropEmpty();
      if (generations.length < 4) age();
    },
  };
});

/** The policy over pages whose A bits are set by hand. */
function aged(given: Record<string, string> = {}) {
  const accessed = new Set<number>();
  const params = readParams(mglru.name, mglru.params, given);
  const takeBits = (page: number): number => (accessed.delete(page) ? ACCESSED : 0);
  const reclaimer = mglru.create({ pages: 8, capacity: () => 8, random: () => 0, takeBits, nextUse: () => NaN }, params);
  return { reclaimer, accessed };
}
const tick = (reclaimer: ReturnType<typeof aged>["reclaimer"]): void => reclaimer.tick?.(0);

test("a page goes when it was found idle twice; an accessed one is young again", () => {
  const accesses = "a b c a d e f";
  // d: aging makes a, which was accessed, a generation younger than b and c. e: c is left of the oldest. f: a and d are of one age.
  const pushed = "+ + + . b c a";
  expect(victimsOf(mglru, 3, accesses)).toBe(pushed);
});

test("generations are told apart by when pages were last accessed", () => {
  const { reclaimer, accessed } = aged({ period: "1s" });
  for (const page of [0, 1, 2, 3]) reclaimer.admitted(page, false);
  accessed.add(0).add(1);
  tick(reclaimer); // 0 and 1 accessed in the first period,
  accessed.add(0);
  tick(reclaimer); // 0 alone in the second
  const order = [NO_PAGE, NO_PAGE, NO_PAGE, NO_PAGE].map(() => {
    const victim = reclaimer.victim(NO_PAGE);
    reclaimer.removed(victim, true);
    return victim;
  });
  expect(order).toEqual([2, 3, 1, 0]);
});

test("a bit set after the last aging saves a page of the oldest generation", () => {
  const { reclaimer, accessed } = aged({ period: "1s" });
  for (const page of [0, 1, 2]) reclaimer.admitted(page, false);
  tick(reclaimer);
  tick(reclaimer);
  accessed.add(0);
  expect(reclaimer.victim(NO_PAGE)).toBe(1);
});

test("ages at most as far as there are generations", () => {
  const { reclaimer, accessed } = aged({ period: "1s", generations: "3" });
  reclaimer.admitted(0, false);
  tick(reclaimer);
  reclaimer.admitted(1, false);
  for (let i = 0; i < 9; i++) tick(reclaimer);
  accessed.add(1);
  // Three generations are in use: the ticks do not look at bits any more.
  tick(reclaimer);
  expect(accessed.has(1)).toBe(true);
  expect(reclaimer.victim(NO_PAGE)).toBe(0);
});
