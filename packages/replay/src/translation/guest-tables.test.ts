import { expect, test } from "vitest";
import { checkTables, createGuestTables, nodeAt, type GuestTablesPlan } from "./guest-tables.ts";
import { Kernel } from "./kernel.ts";
import { createUnits } from "./units.ts";

const KERNEL = 2 ** 52 - 512;
const plan: GuestTablesPlan = {
  name: "vm",
  levels: 4,
  guestPages: "4k",
  hostPages: "4k",
  tracedLevel: () => 1,
  spacesAreRoots: false,
  configuredPages: 1000,
};
const tablesOf = (pairs: readonly (readonly [number, number])[], more: Partial<GuestTablesPlan> = {}) =>
  createGuestTables(
    { space: Float64Array.from(pairs, ([space]) => space), vpn: Float64Array.from(pairs, ([, vpn]) => vpn) },
    { ...plan, ...more },
  );
/** Tables on the way to a page, root first. */
const path = (tables: ReturnType<typeof tablesOf>, page: number) =>
  [4, 3, 2, 1].map((level) => tables.tableOf[nodeAt(tables, page, level)]);

test("the kernel half hangs below every root, in the same tables", () => {
  const tables = tablesOf([
    [1, KERNEL],
    [2, KERNEL],
    [2, 5],
    [1, 5],
  ]);
  const [one, two, user, other] = [0, 1, 2, 3].map((page) => path(tables, page));
  expect(one.slice(1)).toEqual(two.slice(1));
  expect(one[0]).not.toBe(two[0]);
  expect(user[0]).toBe(two[0]);
  expect(user.slice(1).some((table) => other.includes(table))).toBe(false);
  expect([...tables.entryOf]).toEqual([0, 0, 2, 3]);
});

test("tables get PPNs above memory; roots their own where spaces are CR3 values", () => {
  const tables = tablesOf(
    [
      [8192, 5],
      [4096 * 5000, 5],
    ],
    { spacesAreRoots: true },
  );
  expect(path(tables, 0).map((table) => tables.tablePpnOf[table])).toEqual([2, 1000, 1001, 1002]);
  expect(path(tables, 1).map((table) => tables.tablePpnOf[table])).toEqual([1003, 1004, 1005, 1006]);
  expect(tables.rootsKnown).toBe(1);
});

test("a what-if of larger mappings makes PPNs up, each mapping in one piece", () => {
  const tables = tablesOf(
    [
      [1, 3],
      [1, 512],
      [1, 4],
    ],
    { guestPages: "2m" },
  );
  expect([...tables.madeUpPpnOf]).toEqual([1027, 1536, 1028]);
  expect(new Set(tables.slotOf).size).toBe(2);
});

test("map events say which mappings are large; their PPNs are the trace's", () => {
  const tables = tablesOf(
    [
      [1, 3],
      [1, 4],
      [1, 600],
    ],
    { guestPages: "trace", tracedLevel: (_, vpn) => (vpn < 512 ? 2 : 1) },
  );
  expect([...tables.leafLevelOf]).toEqual([2, 2, 1]);
  expect(tables.slotOf[0]).toBe(tables.slotOf[1]);
  expect(tables.madeUpPpnOf.length).toBe(0);
});

test("mappings of two sizes are two, also where each is the nth of its size", () => {
  const tables = tablesOf(
    [
      [1, 5 * 512],
      [1, 5 * 2 ** 18],
    ],
    { guestPages: "trace", tracedLevel: (_, vpn) => (vpn < 2 ** 18 ? 2 : 3) },
  );
  expect(tables.slotOf[0]).not.toBe(tables.slotOf[1]);
});

test("the TLB holds the smaller of the two sizes", () => {
  const tables = tablesOf(
    [
      [1, 3],
      [1, 4],
      [1, 600],
      [1, 2 ** 18],
    ],
    { guestPages: "1g", hostPages: "2m" },
  );
  const unitsOf = (hasHost: boolean) => {
    const { unitOf, keyOf } = createUnits(new Kernel(), tables, hasHost);
    const keys = new Set(Array.from(unitOf, (unit) => keyOf[unit]));
    expect(new Set(unitOf).size).toBe(keys.size);
    return keys.size;
  };
  expect(unitsOf(false)).toBe(2);
  expect(unitsOf(true)).toBe(3);
});

test("more tables than there are numbers for are refused", () => {
  expect(() => checkTables(4_186_127, "vm")).not.toThrow();
  expect(() => checkTables(4_186_128, "vm")).toThrow(
    "vm: its pages lie so far apart, or in so many address spaces, that they see 4186128 page tables, and 4186127 is the most; take a cut of the trace",
  );
});

test("an address that the tables cannot reach is refused", () => {
  expect(() => tablesOf([[1, 2 ** 36]])).toThrow(
    "vm: address 0x1000000000000 is not canonical with 4-level tables; pass --set translation.levels=5",
  );
  expect(() => tablesOf([[1, 2 ** 36]], { levels: 5 })).not.toThrow();
  expect(() => tablesOf([[1, 2 ** 45]], { levels: 5 })).toThrow("is not canonical with 5-level tables");
});
