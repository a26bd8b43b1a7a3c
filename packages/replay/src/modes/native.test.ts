import { expect, test } from "vitest";
import { none } from "../cores/none.ts";
import { skylake } from "../cores/skylake.ts";
import { modeLaws } from "../translation/mode-laws.ts";
import { counted, event, row } from "../translation/testing.ts";
import { native } from "./native.ts";

modeLaws(native, ["guest invlpgs implied"]);

test("never exits, whatever the guest does", () => {
  const steps = [row(0, 1), event("fault"), row(1, 2), row(1, 3), event("switch", { space: 2 }), row(0, 9, { space: 2 }), event("invlpg")];
  const counters = counted(steps, none, native);
  expect(Object.keys(counters).filter((name) => /exits|hypervisor/.test(name))).toEqual([]);
  expect(counters["walks 4 references"]).toBe(4);
});

test("a row of many accesses is one lookup, then hits", () => {
  expect(counted([row(0, 1, { count: 100 }), row(0, 1)], skylake, native)).toMatchObject({ "tlb L1 hits 4k": 100, "walks all": 1 });
  expect(counted([row(0, 1, { count: 100 })], none, native)).toMatchObject({ "walks 4 references": 100 });
});

test("a walk starts at the deepest table whose address is cached", () => {
  // 512 is under another page table than 0, 2^18 under another directory, 2^27 under another pointer table.
  const walk = (vpn: number) => {
    const { "references all": references } = counted([row(0, 1), row(vpn, 2)], skylake, native);
    return references - 4;
  };
  expect([1, 512, 2 ** 18, 2 ** 27].map(walk)).toEqual([1, 2, 3, 4]);
});

test("an untagged core keeps only the kernel half across a CR3 load", () => {
  const kernel = 2 ** 52 - 5;
  const steps = [
    row(0, 1),
    row(kernel, 2),
    event("switch", { space: 2 }),
    row(kernel, 2, { space: 2 }),
    event("switch", { space: 1 }),
    row(0, 1),
  ];
  expect(counted(steps, skylake, native, { tagged: true })).toMatchObject({ "tlb misses 4k": 2, "tlb L1 hits 4k": 2 });
  expect(counted(steps, skylake, native, { tagged: false })).toMatchObject({ "tlb misses 4k": 3, "tlb L1 hits 4k": 1 });
});
