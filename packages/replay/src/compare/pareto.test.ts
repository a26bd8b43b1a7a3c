import { seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { dominator } from "./pareto.ts";

const cost = (name: string, consumed: number, stall: number) => ({ name, consumed, stall });

test("a case is dominated by one that is no worse in both and better in one", () => {
  const all = [cost("ample", 100, 0), cost("small", 50, 10), cost("bad", 60, 20), cost("worse", 60, 30), cost("twin", 50, 10)];
  expect(all.map((each) => dominator(each, all) ?? "")).toEqual(["", "", "small", "small", ""]);
});

test("equal memory: less waiting dominates; equal waiting: less memory does", () => {
  const all = [cost("a", 5, 5), cost("b", 5, 4), cost("c", 4, 5)];
  expect(dominator(all[0], all)).toBe("b");
  expect(dominator(all[1], all)).toBeUndefined();
  expect(dominator(all[2], all)).toBeUndefined();
});

test("who dominates is dominated by none, on random cases", () => {
  const random = seededRandom(1, "cases", "pareto");
  for (let round = 0; round < 50; round++) {
    const all = Array.from({ length: 12 }, (_, i) => cost(`case ${i}`, Math.floor(random() * 6), Math.floor(random() * 6)));
    for (const each of all) {
      const by = dominator(each, all);
      const isBeaten = all.some(
        (o) => o.consumed <= each.consumed && o.stall <= each.stall && o.consumed + o.stall < each.consumed + each.stall,
      );
      expect(by !== undefined).toBe(isBeaten);
      const winner = all.find(({ name }) => name === by);
      if (winner !== undefined) expect(dominator(winner, all)).toBeUndefined();
    }
  }
});
