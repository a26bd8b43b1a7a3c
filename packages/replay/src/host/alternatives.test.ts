import fc from "fast-check";
import { InputError, type Run } from "@tidemark/data";
import { expect, test } from "vitest";
import { replayOf, type Content, type HandWritten, type Told, type Touch } from "../testing.ts";

// Everything on at once, on hosts with enough memory and with too little: after every row the machine adds up (check "rows").
const END_S = 20;
const PAGES = 1100; // two blocks of 2 MB and a part of one
const time = fc.nat(2 * END_S).map((half) => half / 2);
const touch = fc.record({
  s: time,
  ppn: fc.oneof(fc.nat(20), fc.integer({ min: 500, max: 530 }), fc.nat(PAGES - 1)),
  op: fc.constantFrom("R" as const, "W" as const),
  vm: fc.nat(1),
});
const told = fc.record({
  s: time,
  event: fc.constantFrom("alloc" as const, "free" as const),
  ppn: fc.constantFrom(0, 3, 512),
  pages: fc.constantFrom(1, 512),
  vm: fc.nat(1),
});
const content = fc.record({
  s: time,
  ppn: fc.nat(PAGES - 1),
  hash: fc.bigInt(0n, 3n),
  zbytes: fc.constantFrom(100, 2000, 4000),
  vm: fc.nat(1),
});
const scenario = fc.record({
  host: fc.record({
    memory: fc.constantFrom("10MiB", "6MiB", "3MiB"),
    minFree: fc.constantFrom(0, "400KiB"),
    overheadPerVm: fc.constant(0),
  }),
  freePageReporting: fc.constantFrom("off", "on", { period: "500ms" }),
  proactive: fc.constantFrom("off", { age: "3s", scan: "1s", quota: 40 }, { age: "1s", scan: "2s" }),
  senpai: fc.constantFrom("off", { ratio: 0.2, period: "2s", threshold: 100 }),
  share: fc.record({
    scanner: fc.constantFrom("esx", "ksm"),
    contents: fc.constantFrom("trace", "end-state", "profile"),
    salting: fc.constantFrom("per-vm", "none"),
    scanTime: fc.constant("4s"),
  }),
  backing: fc.constantFrom("4k", "2m"),
  // One VM of the two may stop on the way, and waits may delay what comes after.
  vms: fc.constantFrom(["a", "b"], [{ vm: "a", stop: "7s" }, "b"], ["a", { vm: "b", stop: "11s", guestSwap: 40_960 }]),
  clock: fc.constantFrom("open", "dilated"),
  stallCosts: fc.constantFrom({}, { firstTouch: "10ms", swapIn: "200ms", largeBreak: "300ms", doublePaging: "100ms" }),
  timeScale: fc.constantFrom(1, 2),
  seed: fc.nat(1000),
});
const byTime = <T extends { readonly s: number }>(rows: readonly T[]): T[] => rows.toSorted((a, b) => a.s - b.s);

/** A run, or why there can be none: a host may be too small for what is asked of it. */
async function runOf(written: HandWritten, given: object, batchRows: number): Promise<Run | string> {
  try {
    return await replayOf({ ...written, batchRows }, { window: "5s", sample: "5s", ...given }, [], batchRows === 7 ? "rows" : false);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

test("with every alternative the machine adds up, and rows per batch change nothing", async () => {
  let replayed = 0;
  const law = async (touches: Touch[], tolds: Told[], contents: Content[], given: object): Promise<void> => {
    const ends = [0, END_S].flatMap((s) => [0, 1].map((vm): Touch => ({ s, vm, ppn: 0, op: "R" })));
    const written = { vms: ["a", "b"], touches: byTime([...touches, ...ends]), told: byTime(tolds), contents, configuredPages: PAGES };
    const [checked, again] = [await runOf(written, given, 7), await runOf(written, given, 65_536)];
    expect(again).toEqual(checked);
    if (typeof checked !== "string") replayed++;
  };
  const rows = { size: "max" } as const;
  const property = fc.asyncProperty(
    fc.array(touch, { maxLength: 60, ...rows }),
    fc.array(told, { maxLength: 12, ...rows }),
    fc.array(content, { maxLength: 40, ...rows }),
    scenario,
    law,
  );
  await fc.assert(property, { seed: 1, numRuns: 10, endOnFailure: true });
  expect(replayed).toBeGreaterThan(4);
});
