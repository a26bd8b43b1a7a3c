import fc from "fast-check";
import { expect, test } from "vitest";
import { slowCache } from "./slow-cache.ts";
import { WalkCaches } from "./walk-caches.ts";

/** Tables of levels 1 to 3: number → level; 60, 12 and 3 of them. */
const levelOf = (table: number): number => (table < 60 ? 1 : table < 72 ? 2 : 3);
const TABLES = 75;
/** Arrays as levels, entries and ways: one each, shared, and none for level 2. */
const GEOMETRIES = [
  [
    { tables: [1], entries: 8, ways: 4 },
    { tables: [2], entries: 4, ways: 4 },
    { tables: [3], entries: 2, ways: 1 },
  ],
  [{ tables: [1, 2, 3], entries: 24, ways: 24 }],
  [
    { tables: [1], entries: 16, ways: 2 },
    { tables: [3], entries: 1, ways: 1 },
  ],
];

test("keep what lists in order of use keep, level by level and shared", () => {
  const act = fc.record({ table: fc.nat(TABLES - 1), does: fc.constantFrom("use", "use", "use", "use", "use", "use", "dropOdd", "clear") });
  fc.assert(
    fc.property(fc.constantFrom(...GEOMETRIES), fc.array(act, { minLength: 50, maxLength: 400, size: "max" }), (arrays, acts) => {
      const fast = new WalkCaches(arrays, TABLES);
      const slow = arrays.map(slowCache);
      for (const { table, does } of acts) {
        const kept = slow[arrays.findIndex(({ tables }) => tables.includes(levelOf(table)))];
        if (does === "use") {
          const hit = fast.find(table);
          expect(hit).toBe(kept?.find(`${table}`, table) ?? false);
          if (hit) continue;
          fast.insert(table, levelOf(table), table);
          kept?.insert(`${table}`, table);
        } else if (does === "dropOdd" && table < 15) {
          fast.dropWhere((t) => t % 2 === 1);
          for (const cache of slow) cache.dropWhere((name) => Number(name) % 2 === 1);
        } else if (does === "clear" && table === 0) {
          fast.clear();
          for (const cache of slow) cache.dropWhere(() => true);
        }
      }
    }),
    { seed: 1, numRuns: 150 },
  );
});

test("say which tables they keep", () => {
  const caches = new WalkCaches([{ tables: [1], entries: 2, ways: 2 }], TABLES);
  for (const table of [5, 6, 7]) caches.insert(table, 1, table);
  expect(caches.tables().toSorted()).toEqual([6, 7]);
});
