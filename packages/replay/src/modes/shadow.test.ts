import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { skylake } from "../cores/skylake.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, event, row } from "../translation/testing.ts";
import { shadow } from "./shadow.ts";

modeLaws(shadow, [
  "exits hidden fault",
  "exits reflected fault",
  "exits page-table write",
  "exits cr3 load",
  "exits invlpg",
  "hypervisor unshadowed tables",
]);

const exitsOf = (counters: Record<string, number>) =>
  Object.entries(counters)
    .filter(([name]) => name.startsWith("exits"))
    .map(([name, value]) => `${value} ${name.slice(6)}`);

test("a page fault of the guest costs three exits: reflected, its write trapped, its entry filled", () => {
  const before = [row(0, 1)];
  expect(exitsOf(counted(before, none, shadow))).toEqual(["1 hidden fault"]);
  expect(exitsOf(counted([...before, event("fault"), row(1, 2)], none, shadow))).toEqual([
    "2 hidden fault",
    "1 reflected fault",
    "1 page-table write",
  ]);
});

test("a write to a table that is not shadowed is free", () => {
  // The fault maps a page under a page table of its own: the directory is shadowed, the new page table is not.
  const steps = [row(0, 1), event("fault"), row(512, 2)];
  expect(exitsOf(counted(steps, none, shadow))).toEqual(["2 hidden fault", "1 reflected fault", "1 page-table write"]);
});

test("a changed mapping is a trapped write and an INVLPG; a context switch is neither", () => {
  const changed = [row(0, 1), row(0, 2)];
  expect(exitsOf(counted(changed, skylake, shadow))).toEqual(["2 hidden fault", "1 page-table write", "1 invlpg"]);
  const switched = [row(0, 1), event("switch", { space: 2 }), row(0, 2, { space: 2 }), event("switch", { space: 1 }), row(0, 1)];
  expect(exitsOf(counted(switched, skylake, shadow))).toEqual(["2 hidden fault", "2 cr3 load"]);
});

test("past the bound the space that was loaded least recently loses its tables", () => {
  const visit = (space: number) => [event("switch", { space }), row(0, space, { space })];
  const steps = [1, 2, 3, 1, 2, 3].flatMap(visit);
  const hiddenFaults = (tablePages: number) => counted(steps, none, shadow, { given: { shadow: { tablePages } } })["exits hidden fault"];
  // Four tables to a space.
  expect([12, 11, 8, 4].map(hiddenFaults)).toEqual([3, 6, 6, 6]);
  expect(counted(steps, none, shadow, { given: { shadow: { tablePages: 8 } } })).toMatchObject({
    "hypervisor table pages at the end": 8,
    "hypervisor table pages at most": 12,
    "hypervisor unshadowed tables": 16,
  });
});
