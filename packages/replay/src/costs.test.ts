import { expect, test } from "vitest";
import { breakEven, COST_CAUSES, price, readCosts, type CountOf } from "./costs.ts";
import { EXIT_REASONS } from "./translation/counters.ts";

const counts =
  (values: { readonly [name: string]: number }): CountOf =>
  (group, counter) =>
    values[`${group} ${counter}`] ?? 0;

const shadow = counts({
  "tlb accesses": 1000,
  "references all": 400,
  "exits hidden fault": 10,
  "exits page-table write": 20,
  "exits cr3 load": 5,
});
const nested = counts({ "tlb accesses": 1000, "references all": 2400, "references host tables": 2000, "exits ept violation": 10 });
const costs = readCosts({});

test("prices every counter once, by cause", () => {
  expect(price(nested, costs)).toEqual({
    byCause: {
      ...Object.fromEntries(COST_CAUSES.map((cause) => [cause, 0])),
      "guest or shadow walk": 400 * 30,
      "host walk": 2000 * 30,
      "ept violation": 10 * 2500,
    },
    total: 97_000,
    perAccess: 97,
    share: 97_000 / 101_000,
  });
  for (const reason of EXIT_REASONS) {
    const { byCause, total } = price(counts({ [`exits ${reason}`]: 2 }), readCosts({ exit: 100 }));
    expect(total).toBe(byCause[reason]);
    expect(total).toBeGreaterThan(200);
  }
});

test("the break-even exit cost makes the two modes cost the same", () => {
  const exit = breakEven(shadow, nested, costs, ["exit"]);
  expect(exit).toBeCloseTo((72_000 + 10_000 - 12_000 - 10_000 - 30_000 - 2500) / 25, 6);
  const at = readCosts({ exit: exit ?? NaN });
  expect(price(shadow, at).total).toBeCloseTo(price(nested, at).total, 6);
  expect(price(shadow, readCosts({ exit: 10_000 })).total).toBeGreaterThan(price(nested, readCosts({ exit: 10_000 })).total);
});

test("the break-even reference cost, of all references together", () => {
  const reference = breakEven(shadow, nested, costs, ["reference", "hostReference"]);
  const at = readCosts({ reference: reference ?? NaN, hostReference: reference ?? NaN });
  expect(price(shadow, at).total).toBeCloseTo(price(nested, at).total, 6);
});

test("no break-even where one mode is better at any cost", () => {
  expect(breakEven(nested, nested, costs, ["exit"])).toBeNull();
  expect(breakEven(counts({ "exits cr3 load": 1, "references all": 9 }), counts({ "references all": 1 }), costs, ["exit"])).toBeNull();
});

test("an unknown cost is refused", () => {
  expect(() => readCosts({ exits: 5 })).toThrow('costs: unknown parameter "exits"');
});
