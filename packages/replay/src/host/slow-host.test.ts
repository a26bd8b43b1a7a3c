import fc from "fast-check";
import { expect, test } from "vitest";
import { largeCases, pressedCases, smallCases, type Case } from "./slow-cases.ts";
import { ofEngine, ofReference, rounded } from "./slow-outcome.ts";

/** Rows are checked one by one in VMs of few pages, some at a time in large ones. */
const law = (rows: number) => async (each: Case) => {
  const engine = await ofEngine(each, rows, "rows");
  expect(rounded(engine)).toEqual(rounded(await ofReference(each)));
  expect(await ofEngine(each, 7, false), "rows per batch change nothing").toEqual(engine);
  expect(await ofEngine(each, 512, true), "nor do they, nor a second run").toEqual(engine);
};

test("a host under pressure is the reference host, row by row", async () => {
  await fc.assert(fc.asyncProperty(smallCases, law(1)), { seed: 1, numRuns: 35, endOnFailure: true });
});

test("the same where memory is short from the start", async () => {
  await fc.assert(fc.asyncProperty(pressedCases, law(1)), { seed: 1, numRuns: 40, endOnFailure: true });
});

test("the same with blocks of 2 MB", async () => {
  await fc.assert(fc.asyncProperty(largeCases, law(40)), { seed: 1, numRuns: 6, endOnFailure: true });
});

const PAGE = 4096;
/** So many pages one after the other. */
const touched = (s: number, vm: number, pages: number, op: "R" | "W") => Array.from({ length: pages }, (_, ppn) => ({ s, vm, ppn, op }));
const counted = async (each: Case, vm: string): Promise<{ readonly [counter: string]: string | number }> => {
  const result = await ofEngine(each, 1, "rows");
  if ("error" in result) throw new Error(result.error);
  return Object.fromEntries(result.tables.reclaim.filter((row) => row["vm"] === vm).map((row) => [row["counter"], row["value"]]));
};

test("pages that the guest paged out come back in a large page, and are read when they are touched", async () => {
  // All of a is ballooned away for b; b's pages are shared, the balloon shrinks, and a's block is wholly unbacked again.
  const each: Case = {
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
  };
  await law(1)(each);
  // One large page for 12 touches: one fault, and what the guest had written and dropped is read again.
  expect(await counted(each, "a")).toMatchObject({ guestSwapOut: 8, guestDropped: 8, popped: 0, guestSwapIn: 8, guestRefault: 4 });
});
