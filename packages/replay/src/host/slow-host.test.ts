import fc from "fast-check";
import { expect, test } from "vitest";
import { guestCases, largeCases, pressedCases, smallCases, type Case } from "./slow-cases.ts";
import { agreed, agreedTables, countsOf } from "./slow-outcome.ts";

/** For a longer search, in the surroundings: another seed, and so many times the usual number of scenarios. */
const { TIDEMARK_SEED = "1", TIDEMARK_RUNS = "1" } = process.env;
const search = (scenarios: number) => ({ seed: Number(TIDEMARK_SEED), numRuns: scenarios * Number(TIDEMARK_RUNS), endOnFailure: true });

/** Rows are checked one by one in VMs of few pages, some at a time in large ones. */
const each = async (random: Case): Promise<void> => void (await agreed(random));
const some = async (random: Case): Promise<void> => void (await agreed(random, 40));

test("a host under pressure is the reference host, row by row", async () => {
  await fc.assert(fc.asyncProperty(smallCases, each), search(35));
});

test("the same where memory is short from the start", async () => {
  await fc.assert(fc.asyncProperty(pressedCases, each), search(40));
});

test("the same where guests are asked for pages that they use", async () => {
  await fc.assert(fc.asyncProperty(guestCases, each), search(30));
});

test("the same with blocks of 2 MB", async () => {
  await fc.assert(fc.asyncProperty(largeCases, some), search(8));
});

const PAGE = 4096;
/** So many pages one after the other. */
const touched = (s: number, vm: number, pages: number, op: "R" | "W") => Array.from({ length: pages }, (_, ppn) => ({ s, vm, ppn, op }));

test("pages that the guest paged out come back in a large page, and are read when they are touched", async () => {
  // All of a is ballooned away for b; b's pages are shared, the balloon shrinks, and a's block is wholly unbacked again.
  const tables = await agreedTables({
    written: {
      vms: ["a", "b"],
      touches: [...touched(0, 0, 8, "W"), ...touched(0, 0, 16, "R").slice(8), ...touched(0, 1, 30, "R"), ...touched(12, 0, 12, "R")],
      contents: Array.from({ length: 30 }, (_, ppn) => ({ s: 12, vm: 1, ppn, hash: 5n, zbytes: 4096 })),
    },
    scenario: {
      vms: [
        { vm: "a", size: 16 * PAGE, backing: "2m", shares: 1 },
        { vm: "b", size: 30 * PAGE, shares: 1e6, driver: false },
      ],
      host: { memory: 70 * PAGE, minFree: 40 * PAGE, overheadPerVm: 0, largePagesBelow: 0 },
      allocation: { period: "1s" },
      balloon: { max: 100 },
      share: { scanTime: "5s", contents: "end-state" },
      swap: "off",
      window: "1s",
      sample: "1s",
    },
  });
  // One large page for 12 touches: one fault, and what the guest had written and dropped is read again.
  expect(countsOf(tables, "a")).toMatchObject({ guestSwapOut: 8, guestDropped: 8, guestSwapIn: 8, guestRefault: 4 });
  expect(countsOf(tables, "a")).not.toHaveProperty("popped");
});

test("a page that the guest paged out, and the host after it, is read by both when it is touched", async () => {
  // As before, but only PPN 0 of a's block is touched; c then needs so much that the block is broken and all of it swapped.
  const tables = await agreedTables({
    written: {
      vms: ["a", "b", "c"],
      touches: [
        ...touched(0, 0, 8, "W"),
        ...touched(0, 0, 16, "R").slice(8),
        ...touched(0, 1, 30, "R"),
        ...touched(12, 0, 1, "R"),
        ...touched(14, 2, 45, "W"),
        ...touched(17, 0, 16, "R"),
      ],
      contents: Array.from({ length: 30 }, (_, ppn) => ({ s: 17, vm: 1, ppn, hash: 5n, zbytes: 4096 })),
    },
    scenario: {
      vms: [
        { vm: "a", size: 16 * PAGE, backing: "2m", shares: 1 },
        { vm: "b", size: 30 * PAGE, shares: 1e6, driver: false },
        { vm: "c", size: 45 * PAGE, shares: 1e6, driver: false },
      ],
      host: { memory: 70 * PAGE, minFree: 40 * PAGE, overheadPerVm: 0, largePagesBelow: 0 },
      allocation: { period: "1s" },
      balloon: { max: 100 },
      compress: "off",
      share: { scanTime: "5s", contents: "end-state" },
      window: "1s",
      sample: "1s",
    },
  });
  // PPN 0 came back at 12 s already. Of the others, what the host has in its swap it reads before the guest reads its own.
  const counts = countsOf(tables, "a");
  expect(counts).toMatchObject({ guestSwapOut: 8, guestDropped: 8, guestSwapIn: 8, guestRefault: 8, swapOut: 16, swapIn: 16 });
});
