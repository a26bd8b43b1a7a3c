import { PAGE_KINDS } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ALLOCATED, ALLOCATOR_UNKNOWN, createGroups, FREED, groupOf, KERNEL_OWNER, ownerNumber } from "./groups.ts";
import { UNKNOWN_KIND } from "./page-kind.ts";

test("a page starts with the first owner, unknown kind and unknown allocator state", () => {
  for (const groups of [createGroups(), createGroups("unknown")]) {
    expect(groupOf(groups, KERNEL_OWNER, false, UNKNOWN_KIND, ALLOCATOR_UNKNOWN)).toBe(0);
    expect([groups.length, groups.touchOwner[0]]).toEqual([1, KERNEL_OWNER]);
  }
  expect(createGroups().owners).toEqual(["kernel"]);
  expect(createGroups("unknown").owners).toEqual(["unknown"]);
});

test("owners are numbered once", () => {
  const groups = createGroups();
  expect(["pid 7", "user", "pid 7", "kernel"].map((label) => ownerNumber(groups, label))).toEqual([1, 2, 1, KERNEL_OWNER]);
  expect(groups.owners).toEqual(["kernel", "pid 7", "user"]);
});

const attributes = fc.tuple(fc.nat(30), fc.boolean(), fc.nat(PAGE_KINDS.length - 1), fc.constantFrom(ALLOCATOR_UNKNOWN, ALLOCATED, FREED));

test("equal attributes, equal group; different attributes, different groups; a group tells its attributes", () => {
  fc.assert(
    fc.property(fc.array(attributes, { maxLength: 200, size: "max" }), (some) => {
      const groups = createGroups();
      const numberOf = new Map<string, number>([[JSON.stringify([KERNEL_OWNER, false, UNKNOWN_KIND, ALLOCATOR_UNKNOWN]), 0]]);
      for (const [owner, byPid, kind, allocator] of some) {
        const group = groupOf(groups, owner, byPid, kind, allocator);
        const key = JSON.stringify([owner, byPid, kind, allocator]);
        expect(group).toBe(numberOf.get(key) ?? numberOf.size);
        numberOf.set(key, group);
        expect([groups.owner[group], groups.kind[group], groups.allocator[group]]).toEqual([owner, kind, allocator]);
      }
      expect(groups.length).toBe(numberOf.size);
      for (const [key, group] of numberOf) {
        const [owner, byPid] = JSON.parse(key) as [number, boolean];
        expect(groups.touchOwner[group]).toBe(byPid ? -1 : owner); // also after the array has grown
      }
    }),
    { seed: 1 },
  );
});
