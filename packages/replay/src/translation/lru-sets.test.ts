import fc from "fast-check";
import { expect, test } from "vitest";
import { Kernel } from "./kernel.ts";
import { LruSets } from "./lru-sets.ts";
import { slowCache } from "./slow-cache.ts";

test("keeps what a list in order of use keeps, narrow and wide", () => {
  const kernel = new Kernel();
  const act = fc.record({ key: fc.nat(200), does: fc.constantFrom("use", "use", "use", "use", "drop", "dropOdd", "clear") });
  fc.assert(
    fc.property(
      fc.constantFrom([4, 1], [8, 4], [24, 12], [16, 16], [72, 72], [6, 3], [2, 2], [4, 4]),
      fc.array(act, { minLength: 50, maxLength: 400, size: "max" }),
      ([entries, ways], acts) => {
        const fast = new LruSets(kernel, entries, ways);
        const slow = slowCache({ entries, ways });
        for (const { key, does } of acts) {
          if (does === "use") {
            const hit = fast.find(key, key);
            expect(hit).toBe(slow.find(`${key}`, key));
            if (hit) continue;
            fast.insert(key, key);
            slow.insert(`${key}`, key);
          } else if (does === "drop") {
            fast.drop(key, key);
            slow.dropWhere((name) => name === `${key}`);
          } else if (does === "dropOdd" && key < 20) {
            fast.dropWhere((k) => k % 2 === 1);
            slow.dropWhere((name) => Number(name) % 2 === 1);
          } else if (key === 0) {
            fast.clear();
            slow.dropWhere(() => true);
          }
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
