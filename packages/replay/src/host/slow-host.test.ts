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
  await fc.assert(fc.asyncProperty(pressedCases, law(1)), { seed: 1, numRuns: 30, endOnFailure: true });
});

test("the same with blocks of 2 MB", async () => {
  await fc.assert(fc.asyncProperty(largeCases, law(40)), { seed: 1, numRuns: 6, endOnFailure: true });
});
