import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { skylake } from "../cores/skylake.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, event, row } from "../translation/testing.ts";
import { nested } from "./nested.ts";

modeLaws(nested, ["exits ept violation", "references host tables"]);

test("exits only where its own tables lack a PPN: four tables and two pages here", () => {
  const steps = [row(0, 1), event("fault"), row(1, 2), row(1, 2), event("switch", { space: 1 }), row(0, 1)];
  const counters = counted(steps, none, nested);
  expect(Object.entries(counters).filter(([name]) => name.startsWith("exits"))).toEqual([["exits ept violation", 6]]);
  expect(counters["walks 24 references"]).toBe(4);
  expect(counters["references host tables"]).toBe(4 * 20);
});

test("2 MB backing asks once for 512 PPNs, and splinters 1 GB mappings of the guest", () => {
  const steps = [row(0, 1), row(1, 2), row(600, 600)];
  expect(counted(steps, none, nested, { hostPages: "2m" })["exits ept violation"]).toBe(3);
  expect(counted(steps, skylake, nested, { guestPages: "1g", hostPages: "2m" })).toMatchObject({ "tlb misses 2m": 2, "tlb L1 hits 2m": 1 });
});

test("a change of the pmap empties the caches and asks again for that PPN alone", () => {
  const steps = [row(0, 1), row(1, 2), { is: "forget", ppn: 1 } as const, row(0, 1), row(1, 2)];
  const before = counted(steps.slice(0, 2), skylake, nested);
  const after = counted(steps, skylake, nested);
  expect(after["exits ept violation"] - before["exits ept violation"]).toBe(1);
  expect(after["walks all"]).toBe(4);
});
