import { LEDGER_CLASSES } from "@tidemark/data";
import { expect, test } from "vitest";
import { explainedInstants, ledgerRows } from "./explained.ts";
import { exampleRun } from "./testing.ts";

test("every class is there once, and all but active sum to the gap", () => {
  const [explained] = explainedInstants(exampleRun());
  expect(explained?.ledger.map((row) => row.class)).toEqual(LEDGER_CLASSES);
  const rest = explained?.ledger.filter((row) => row.class !== "active") ?? [];
  expect(rest.reduce((sum, row) => sum + row.pages, 0)).toBe(explained?.gapPages);
  expect(explained?.gapPages).toBe(55_750);
});

test("a row has pages, size, share and words", () => {
  const freed = ledgerRows(exampleRun(), "alloc-4k", "7s").find((row) => row.class === "freed");
  expect(freed).toMatchObject({ words: "freed by the guest, still backed", pages: 33_063, size: "129.2 MiB" });
  expect(freed?.percentOfConsumed).toBeCloseTo(58.75, 2);
});

test("the future is split for idle classes only, and only where the rest of the trace is a window long", () => {
  const at = (asked: string) => new Map(ledgerRows(exampleRun({ instants: [asked] }), "alloc-4k", asked).map((row) => [row.class, row]));
  const early = at("4s");
  const idle = early.get("idle5");
  expect((idle?.returns ?? NaN) + (idle?.notSeenAgain ?? NaN)).toBe(idle?.pages);
  expect(early.get("freed")?.returns).toBeNaN();
  expect(at("6s").get("idle5")?.returns).toBeGreaterThan(0);
  expect(at("6.5s").get("idle5")?.returns).toBeNaN();
});

test("instants of several VMs stay apart", () => {
  const run = exampleRun({ vms: ["a", "b"], instants: ["2.5s", "7s"] });
  expect(explainedInstants(run).map(({ vm, asked }) => `${vm} ${asked}`)).toEqual(["a 2.5s", "a 7s", "b 2.5s", "b 7s"]);
  expect(ledgerRows(run, "b", "7s").reduce((sum, row) => sum + row.pages, 0)).toBeLessThan(50_000);
  expect(ledgerRows(run, "c", "7s")).toEqual([]);
});
