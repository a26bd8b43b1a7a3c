import { expect, test } from "vitest";
import type { Told, Touch } from "../testing.ts";
import { inactiveRatio } from "./guest-two-lists.ts";
import { agreedTables } from "./slow-outcome.ts";

const PAGE = 4096;
const touched = (s: number, ppns: readonly number[], op: Touch["op"] = "W", vm = 0): Touch[] => ppns.map((ppn) => ({ s, vm, ppn, op }));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const ALL = range(0, 8);

interface Guest {
  readonly touches: readonly Touch[];
  readonly told?: readonly Told[];
  readonly guestSwap?: number;
}

/**
 * Pages of a that are out after so many polls, in each of which its guest gives up one for b. All are read then, before the next poll, with
 * a sample after each that tells whether the guest had to bring it in.
 */
async function outAfter(polls: number, guestLru: string, { touches, told = [], guestSwap }: Guest): Promise<string> {
  const tables = await agreedTables({
    written: {
      vms: ["a", "b"],
      touches: [
        ...touched(0, range(0, 28), "W", 1),
        ...touches.filter(({ s }) => s < polls),
        ...ALL.map((ppn): Touch => ({ s: polls + (ppn + 1) / 10, ppn, op: "R" })),
      ],
      told: told.filter(({ s }) => s < polls),
    },
    scenario: {
      vms: [
        { vm: "a", size: 8 * PAGE, shares: 1, guestSwap },
        { vm: "b", size: 28 * PAGE, shares: 1e6, driver: false },
      ],
      host: { memory: 45 * PAGE, minFree: 24 * PAGE, overheadPerVm: 0 },
      allocation: { period: "1s" },
      balloon: { max: 100, rate: 1, guestLru },
      share: "off",
      swap: "off",
      window: "1s",
      sample: "100ms",
    },
  });
  /** Pages brought in by so many tenths of a second after the last poll. */
  const broughtIn = (tenths: number): number =>
    Number(
      tables.stalls.find(({ time, vm, cause }) => time === (10 * polls + tenths) * 1e8 && vm === "a" && cause === "guest swap-in")?.[
        "events"
      ] ?? 0,
    );
  return ALL.filter((ppn) => broughtIn(ppn + 1) > broughtIn(ppn)).join(" ");
}

test.each([
  [10, 1],
  [100, 1],
  [1024, 3],
  [10 * 1024, 10],
  [100 * 1024, 31],
  [1024 * 1024, 101],
  [10 * 1024 * 1024, 320],
])("of %i MiB as many active pages to an inactive one as Linux's table says", (mib, ratio) => {
  expect(inactiveRatio(mib * 256)).toBe(ratio);
});

test("touches between two looks are one: the page that was first stays first", async () => {
  const guest = { touches: [...touched(0, ALL), ...touched(0.5, [0])] };
  expect(await outAfter(1, "two-lists", guest)).toBe("0");
  expect(await outAfter(1, "exact", guest)).toBe("1");
});

test("a page found touched twice becomes active, and outlasts one that came back since", async () => {
  const guest = { touches: [...touched(0, ALL), ...touched(1.5, [1, 2, 3]), ...touched(2.5, [0])] };
  const lists = [
    "0", // all are found touched for the first time and go round; 0 has no touch then. Inactive 1…7
    "0 4", // 1, 2, 3 become active. Inactive 5 6 7
    "4 5", // 0 is back. Inactive 6 7 0
    "4 5 6", // inactive 7 0
    "4 5 6 7", // three active to two: 1 becomes inactive. 0 1
    "1 4 5 6 7", // 0 goes round, 1 was not touched since it is inactive. Inactive 0, active 2 3
    "0 1 4 5 6 7", // 2 becomes inactive, behind 0
  ];
  for (const [i, out] of lists.entries()) expect(await outAfter(i + 1, "two-lists", guest), `after ${i + 1} polls`).toBe(out);
  // By the last touch 2 goes before 0.
  expect(await outAfter(7, "exact", guest)).toBe("1 2 4 5 6 7");
});

test("a page that was freed and allocated begins anew", async () => {
  const guest = {
    told: [
      { s: 0, event: "alloc" as const, ppn: 0, pages: 8 },
      { s: 1.2, event: "free" as const, ppn: 1 },
      { s: 1.2, event: "alloc" as const, ppn: 1 },
    ],
    touches: [...touched(0, ALL), ...touched(1.3, [1]), ...touched(1.4, range(2, 8))],
  };
  // At the second poll 2…7 become active, and, since those are too many, 2, 3, 4 inactive again; 1 goes round, and 2 goes.
  expect(await outAfter(2, "two-lists", guest)).toBe("0 2");
  // Inactive 3 4 1, then 4 1 5, then 1 5: what page 1 was found to be before it was freed does not count.
  expect(await outAfter(5, "two-lists", guest)).toBe("0 1 2 3 4");
  expect(await outAfter(4, "two-lists", guest)).toBe("0 2 3 4");
});

test("pages that the guest's swap has no room for are set aside, and come back behind the others", async () => {
  const guest = { guestSwap: PAGE, touches: [...touched(0, range(0, 5)), ...touched(0, range(5, 8), "R"), ...touched(2.5, [0])] };
  expect(await outAfter(1, "two-lists", guest)).toBe("0");
  expect(await outAfter(2, "two-lists", guest)).toBe("0 5"); // 1…4 are set aside, 5 was never written
  expect(await outAfter(3, "two-lists", guest)).toBe("5 6"); // 0 is back: inactive 6 7 0 1 2 3 4
  expect(await outAfter(3, "exact", guest)).toBe("1 5");
  expect(await outAfter(5, "two-lists", guest)).toBe("1 5 6 7"); // 0 goes round
});
