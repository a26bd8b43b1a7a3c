import fc from "fast-check";
import { expect, test } from "vitest";
import { PageHeap } from "./page-heap.ts";
import { NO_PAGE } from "./policy.ts";

test("the page on top has the greatest key, whatever was done before", () => {
  const step = fc.record({ page: fc.nat(19), key: fc.oneof(fc.nat(40), fc.constant(Infinity)), isRemoval: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const heap = new PageHeap(20);
      const keys = new Map<number, number>();
      for (const { page, key, isRemoval } of steps) {
        if (!isRemoval) {
          heap.set(page, key);
          keys.set(page, key);
        } else if (keys.delete(page)) heap.remove(page);
        if (keys.size === 0) expect(heap.top).toBe(NO_PAGE);
        else expect(keys.get(heap.top)).toBe(Math.max(...keys.values()));
      }
      const falling = [...keys.values()].sort((a, b) => b - a);
      for (const key of falling) {
        expect(keys.get(heap.top)).toBe(key);
        heap.remove(heap.top);
      }
      expect(heap.top).toBe(NO_PAGE);
    }),
    { seed: 1, numRuns: 300 },
  );
});
