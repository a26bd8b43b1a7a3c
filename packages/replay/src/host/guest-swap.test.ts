import { expect, test } from "vitest";
import type { Touch } from "../testing.ts";
import { agreedTables, countsOf } from "./slow-outcome.ts";
import type { SlowRow } from "./slow-tables.ts";

const PAGE = 4096;
const touched = (s: number, vm: number, from: number, to: number, op: Touch["op"]): Touch[] =>
  Array.from({ length: to - from }, (_, i) => ({ s, vm, ppn: from + i, op }));

/** a has written eight pages and read two, and is to give memory to b: by its balloon, which takes what the guest can page out. */
const ballooned = (settings: object, more: readonly Touch[] = [], written = 8, rate = 100, endS = 12) =>
  agreedTables({
    written: {
      vms: ["a", "b"],
      touches: [
        ...touched(0, 0, 0, written, "W"),
        ...touched(0, 0, written, 10, "R"),
        ...touched(0, 1, 0, 20, "W"),
        ...more,
        ...touched(endS, 1, 0, 1, "R"),
      ],
    },
    scenario: {
      vms: [
        { vm: "a", size: 10 * PAGE, shares: 1, ...settings },
        { vm: "b", size: 20 * PAGE, shares: 1e6, driver: false },
      ],
      host: { memory: 45 * PAGE, minFree: 24 * PAGE, overheadPerVm: 0 },
      allocation: { period: "1s" },
      balloon: { max: 100, rate },
      share: "off",
      swap: "off",
      window: "1s",
      sample: "1s",
    },
  });
const balloonOf = (rows: readonly SlowRow[]): string => {
  const last = rows.filter(({ vm }) => vm === "a").at(-1);
  return `${last?.["vmmemctl"]} of ${last?.["vmmemctltarget"]}`;
};

test("by default a guest's swap has room for all that the balloon asks for", async () => {
  const tables = await ballooned({});
  expect(balloonOf(tables.timeline)).toBe("10 of 10");
  expect(countsOf(tables, "a")).toMatchObject({ guestSwapOut: 8, guestDropped: 2 });
});

test("without swap a guest gives up what it can read again from a file, and no more", async () => {
  const tables = await ballooned({ guestSwap: 0 });
  expect(balloonOf(tables.timeline)).toBe("2 of 10");
  expect(countsOf(tables, "a")).toMatchObject({ guestDropped: 2 });
  expect(countsOf(tables, "a")).not.toHaveProperty("guestSwapOut");
});

test("a swap that is full takes more when pages have come back from it", async () => {
  // Room for one: PPN 0, which comes back at 4.5 s. Then another takes its place.
  const tables = await ballooned({ guestSwap: PAGE }, touched(4.5, 0, 0, 1, "R"), 10);
  expect(balloonOf(tables.timeline)).toBe("1 of 10");
  expect(countsOf(tables, "a")).toMatchObject({ guestSwapOut: 2, guestSwapIn: 1, popped: 1 });
});

test("and what was passed over for want of room comes first then", async () => {
  // Two a poll. PPN 0 goes to swap, 1 to 4 are passed over, 5 is dropped; 0 comes back, and 1 is older than 6.
  const tables = await ballooned({ guestSwap: PAGE }, touched(1.5, 0, 0, 1, "R"), 5, 2, 2.5);
  expect(countsOf(tables, "a")).toMatchObject({ guestSwapOut: 2, guestDropped: 2, guestSwapIn: 1 });
});
