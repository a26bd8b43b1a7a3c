import { expect, test } from "vitest";
import { adviceOn, sureness } from "./advice.ts";
import { explainedInstants } from "./explained.ts";
import type { LedgerInstant } from "./ledger-instant.ts";
import { plainText } from "./linked-text.ts";
import { exampleRun } from "./testing.ts";

const WINDOW = 1e9;
const at = (asked: string): LedgerInstant => {
  const [explained] = explainedInstants(exampleRun({ instants: [asked] }));
  if (explained === undefined) throw new Error("not explained");
  return explained;
};
const said = (instant: LedgerInstant): readonly string[] =>
  adviceOn(instant, WINDOW).map(({ advice, evidence, caveat }) => [advice, evidence, caveat].map(plainText).join(" | "));

test("what the guest has freed comes first, with what is not known of it", () => {
  expect(said(at("7s"))[0]).toBe(
    "Take back 129.2 MiB first: free page reporting or a balloon gets it without the guest losing anything. | " +
      "The guest's own allocator has these pages on its free lists. | " +
      "The guest may allocate it again: at 2.518 s, 4.482 s earlier, it used 180.9 MiB by its own count, and each such page has to be backed and zeroed anew. " +
      "More may be free: on 4,000 pages the trace has no alloc or free event.",
  );
});

test("without the guest's own count its most active memory tells what it may allocate again; nothing does at the peak itself", () => {
  const instant = at("7s");
  const { history } = instant;
  expect(said({ ...instant, history: { ...history, mostUsed: undefined } })[0]).toContain("it had 139.2 MiB active, and each such page");
  expect(said({ ...instant, history: { ...history, mostUsed: undefined, mostActive: undefined } })[0]).toContain(
    "The guest may allocate it again, and each such page",
  );
});

test("cold memory is told with its future where the trace is long enough to have one", () => {
  const cold = (asked: string): string => said(at(asked)).find((text) => text.includes("has rested")) ?? "";
  expect(cold("5s")).toContain("is not touched in the remaining 2 s either");
  expect(cold("7s")).toContain("The trace ends too soon to say");
});

test("active memory below the most so far is no size", () => {
  const instant = at("7s");
  expect(said(instant).at(-1)).toContain("At 2.468 s, 4.532 s earlier, the guest had 139.2 MiB active, the most since the trace began");
  expect(said(instant).at(-1)).not.toContain("touched at least");
});

test("nor is it below what was touched in five windows, or in as many as there are", () => {
  const later = at("7s");
  const instant = { ...later, history: { ...later.history, mostActive: undefined } };
  const idle1 = instant.ledger.find((row) => row.class === "idle1")?.pages ?? NaN;
  const advice = said(instant).at(-1) ?? "";
  expect(advice).toContain("Do not size the VM by its active memory of 2.1 MiB.");
  expect(advice).toContain(`In the last 5 s the guest touched at least ${((instant.counters.active + idle1) / 256).toFixed(1)} MiB`);
  const ledger = instant.ledger.map((row) => (row.class === "idle1" ? { ...row, pages: 0 } : row));
  expect(said({ ...instant, ledger }).some((text) => text.startsWith("Do not size"))).toBe(false);
  const early = { ...instant, history: { ...instant.history, beganNs: 3e9 } };
  expect(said(early).at(-1)).toContain("Since the trace began the guest touched at least");
});

test("never-touched memory speaks for small pages, and of their price", () => {
  const instant = at("7s");
  const ledger = instant.ledger.map((row) => (row.class === "slack" ? { ...row, pages: 512 } : row));
  expect(said({ ...instant, ledger })[1]).toMatch(/^Backing in 4 KB pages would save 2 MiB\..*TLB misses/);
});

test("nothing is advised of a VM that is off or has nothing", () => {
  const instant = at("7s");
  expect(adviceOn({ ...instant, isOff: true }, WINDOW)).toEqual([]);
  expect(adviceOn({ ...instant, counters: { ...instant.counters, consumed: 0 } }, WINDOW)).toEqual([]);
  expect(sureness({ ...instant, isOff: true })).toEqual([]);
});

test("how sure it is: counts are exact, the estimate is not, and freed memory is known as far as there are events", () => {
  const instant = at("7s");
  expect(plainText(sureness(instant))).toMatch(
    /exact for this trace.*on 4,000 resident pages \(7\.1 % of granted\) it has none\. They count as not freed, and are 17 % of the 90\.7 MiB that does\. .*is an estimate/,
  );
  const known = { ...instant, counters: { ...instant.counters, allocatorUnknown: 0, activeReported: NaN } };
  expect(plainText(sureness(known))).toMatch(/alloc and free events for every resident page\.$/);
});
