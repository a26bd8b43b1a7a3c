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
      "A page that the guest allocates again has to be backed and zeroed anew. It may be more: on 4,000 pages the trace has no alloc or free event.",
  );
});

test("cold memory is told with its future where the trace is long enough to have one", () => {
  const cold = (asked: string): string => said(at(asked)).find((text) => text.includes("has rested")) ?? "";
  expect(cold("5s")).toContain("is not touched in the remaining 2 s either");
  expect(cold("7s")).toContain("The trace ends too soon to say");
});

test("active memory below what was touched in five windows is no size", () => {
  const instant = at("7s");
  const idle1 = instant.ledger.find((row) => row.class === "idle1")?.pages ?? NaN;
  const advice = said(instant).at(-1) ?? "";
  expect(advice).toContain("Do not size the VM by its active memory of 2.1 MiB.");
  expect(advice).toContain(`In the last 5 s the guest touched at least ${((instant.counters.active + idle1) / 256).toFixed(1)} MiB`);
  const ledger = instant.ledger.map((row) => (row.class === "idle1" ? { ...row, pages: 0 } : row));
  expect(said({ ...instant, ledger }).some((text) => text.startsWith("Do not size"))).toBe(false);
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
    /exact for this trace.*on 4,000 resident pages \(7\.1 % of consumed\) it has none.*is an estimate/,
  );
  const known = { ...instant, counters: { ...instant.counters, allocatorUnknown: 0, activeReported: NaN } };
  expect(plainText(sureness(known))).toMatch(/alloc and free events for every resident page\.$/);
});
