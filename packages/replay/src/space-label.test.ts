import { expect, test } from "vitest";
import { createGroups } from "./groups.ts";
import { isPhysicalOnly, labelSpaces } from "./space-label.ts";
import { firstOwner, userOwners } from "./space-owner.ts";

const HALF = 2 ** 51;
const pages = (...of: readonly (readonly [space: number, vpn: number])[]) => ({
  space: Float64Array.from(of, ([space]) => space),
  vpn: Float64Array.from(of, ([, vpn]) => vpn),
});
const TRACED = pages([7, 1], [0, 1], [7, HALF], [4096, HALF - 1], [0, 2 ** 52 - 1], [7, 2]);

test("address spaces are named by number, the kernel half by itself, in order of first touch", () => {
  const { labels, labelOf } = labelSpaces(TRACED, false);
  expect(labels).toEqual(["space 7", "user", "kernel", "space 0x1000"]);
  expect([...labelOf]).toEqual([0, 1, 2, 3, 2, 0]);
});

test("any number of spaces keep apart", () => {
  for (const n of [255, 256, 70_000]) {
    const { labels, labelOf } = labelSpaces({ space: Float64Array.from({ length: n }, (_, i) => i + 1), vpn: new Float64Array(n) }, false);
    expect(labels.length).toBe(n);
    expect(labelOf[n - 1]).toBe(n - 1);
  }
});

test("user spaces are owners of their pages, the kernel half owns what nobody else does", () => {
  const groups = createGroups(firstOwner(false));
  const owners = userOwners(groups, TRACED, false);
  expect([...owners].map((owner) => groups.owners[owner])).toEqual(["space 7", "user", "kernel", "space 0x1000", "kernel", "space 7"]);
  expect([...owners].map((owner) => owner === 0)).toEqual([false, false, true, false, true, false]);
});

test("a trace of physical addresses alone knows no owners", () => {
  const ppns = (...ppn: readonly number[]) => ({ ppn: Uint32Array.from(ppn), firstNs: new Float64Array(0), lastNs: new Float64Array(0) });
  const physical = pages([0, 9], [0, 4]);
  expect(isPhysicalOnly(physical, ppns(9, 4), "captured")).toBe(true);
  expect(isPhysicalOnly(physical, ppns(9, 4), "synthesised")).toBe(false);
  expect(isPhysicalOnly(physical, ppns(9, 5), "captured")).toBe(false);
  expect(isPhysicalOnly(physical, ppns(9), "captured")).toBe(false);
  expect(labelSpaces(physical, true).labels).toEqual(["unknown"]);
  const groups = createGroups(firstOwner(true));
  expect([...userOwners(groups, physical, true)]).toEqual([0, 0]);
  expect(groups.owners).toEqual(["unknown"]);
});
