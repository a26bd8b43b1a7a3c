import { PAGE_KINDS } from "@tidemark/data";
import { expect, test } from "vitest";
import { playGuestRows } from "./allocator.ts";
import { checkMachine } from "./check-machine.ts";
import { createGroups, ownerNumber } from "./groups.ts";
import { createMachine, GROUP, RECORD } from "./machine.ts";
import { traceOf, type Told } from "./testing.ts";
import { beginEpoch } from "./touch.ts";

/** Plays the events to a VM of 6 pages; its pages as `owner kind state`, equal neighbours once. */
async function pagesAfter(told: readonly Told[]) {
  const groups = createGroups();
  ownerNumber(groups, "user");
  const plan = { name: "vm", configuredPages: 6, blockPages: 1, groups, userOwner: new Uint8Array(0), vpnOf: new Float64Array(0) };
  const machine = createMachine([plan], 1, 1);
  const [vm] = machine.vms;
  beginEpoch(machine);
  for await (const batch of traceOf({ touches: [], told, batchRows: 3 }).guestEvents()) playGuestRows(machine, batch, 0, batch.length);
  checkMachine(machine);
  const pages = Array.from({ length: 6 }, (_, ppn) => {
    const group = vm.seen[RECORD * ppn + GROUP];
    return `${groups.owners[groups.owner[group]]} ${PAGE_KINDS[groups.kind[group]]} ${["-", "allocated", "freed"][groups.allocator[group]]}`;
  });
  return { pages, allocated: vm.allocatedPages, events: vm.allocatorEvents };
}
const UNTOLD = "kernel unknown -";

test("an event covers its pages, cut at the configured size", async () => {
  const { pages, allocated, events } = await pagesAfter([
    { s: 1, event: "alloc", ppn: 1, pages: 2, pid: 7, gfp: 0x108 },
    { s: 2, event: "alloc", ppn: 5, pages: 8, pid: 8, gfp: 0 },
    { s: 3, event: "mark", value: 1 },
    { s: 3, event: "alloc", ppn: 900, pages: 2 },
    { s: 4, event: "alloc" }, // of no known page
  ]);
  expect(pages).toEqual([UNTOLD, "pid 7 anonymous allocated", "pid 7 anonymous allocated", UNTOLD, UNTOLD, "pid 8 kernel allocated"]);
  expect([allocated, events]).toEqual([3, 4]);
});

test("the last event decides on state and kind, the last allocation with a pid on the owner", async () => {
  const { pages, allocated } = await pagesAfter([
    { s: 1, event: "alloc", ppn: 0, pages: 6, pid: 7, gfp: 0x108 },
    { s: 2, event: "free", ppn: 1, pages: 5, pid: 9 },
    { s: 3, event: "alloc", ppn: 2, pages: 4, pid: 8, gfp: 0x8 },
    { s: 4, event: "alloc", ppn: 3 },
    { s: 5, event: "free", ppn: 4, pages: 2 },
    { s: 6, event: "free", ppn: 5 },
  ]);
  expect(pages).toEqual([
    "pid 7 anonymous allocated",
    "pid 7 free freed",
    "pid 8 page cache allocated",
    "pid 8 unknown allocated",
    "pid 8 free freed",
    "pid 8 free freed",
  ]);
  expect(allocated).toBe(3);
});

test("what was freed without an allocation seen is free, and was nobody's", async () => {
  const { pages, allocated } = await pagesAfter([{ s: 1, event: "free", ppn: 0 }]);
  expect([pages[0], allocated]).toEqual(["kernel free freed", 0]);
});
