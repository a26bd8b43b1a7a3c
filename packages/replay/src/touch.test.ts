import type { AccessBatch, GuestBatch } from "@tidemark/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { playGuestRows } from "./allocator.ts";
import { checkMachine } from "./check-machine.ts";
import { createGroups, ownerNumber } from "./groups.ts";
import { createMachine, tellFuture, type Machine } from "./machine.ts";
import { traceOf, type HandWritten, type Touch } from "./testing.ts";
import { beginEpoch, touchRows } from "./touch.ts";

const PAGES = 520;
const USERS = 40;

/** VMs of 520 pages for the touches, in epochs of one second; a page's number is its user, 0 the kernel. */
async function hostOf(written: HandWritten, blockPages: number, lookBackEpochs: number): Promise<Machine> {
  const ppns = await traceOf(written).ppns();
  const plans = (written.vms ?? ["vm"]).map((name) => {
    const groups = createGroups();
    const userOwner = Uint8Array.from({ length: USERS }, (_, page) => (page === 0 ? 0 : ownerNumber(groups, `space ${page}`)));
    return { name, configuredPages: PAGES, blockPages, groups, userOwner, vpnOf: new Float64Array(USERS).fill(NaN) };
  });
  const machine = createMachine(plans, 400, lookBackEpochs);
  machine.vms.forEach((vm, v) => tellFuture(vm, ppns[v], (timeNs) => Math.round(timeNs / 1e9)));
  return machine;
}

/** Plays what happens in second `s`, as its epoch. `userOf` are the users of the touches. */
async function playEpoch(machine: Machine, written: HandWritten, s: number, userOf: readonly number[]): Promise<void> {
  beginEpoch(machine);
  const now = <T extends { readonly s: number }>(rows: readonly T[]) => rows.filter((row) => row.s === s);
  const users = userOf.filter((_, i) => written.touches[i].s === s);
  const trace = traceOf({ ...written, touches: now(written.touches), told: now(written.told ?? []) });
  const each = async <B extends AccessBatch | GuestBatch>(batches: AsyncIterable<B>, play: (batch: B) => void) => {
    for await (const batch of batches) play(batch);
  };
  await each(trace.guestEvents(), (batch) => playGuestRows(machine, batch, 0, batch.length));
  await each(trace.accesses(), (batch) => {
    batch.page.set(users);
    touchRows(machine, batch, 0, batch.length);
  });
}

const touch = fc.record({
  s: fc.integer({ min: 1, max: 12 }),
  ppn: fc.oneof(fc.nat(6), fc.integer({ min: 510, max: 514 }), fc.integer({ min: PAGES - 2, max: PAGES + 1 })),
  op: fc.constantFrom("R" as const, "W" as const),
  vm: fc.nat(2),
  count: fc.integer({ min: 1, max: 3 }),
});
const told = fc.record({
  s: fc.integer({ min: 1, max: 12 }),
  event: fc.constantFrom("alloc" as const, "free" as const),
  ppn: fc.oneof(fc.nat(6), fc.constant(PAGES - 1)),
  pages: fc.integer({ min: 1, max: 3 }),
  pid: fc.integer({ min: 1, max: 20 }),
  vm: fc.nat(2),
});

test("the counts agree with the pages after every epoch, whatever leaves the ring and however many owners there are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(touch, fc.nat(USERS - 1)), { maxLength: 60, size: "max" }),
      fc.array(told, { maxLength: 20, size: "max" }),
      fc.constantFrom(1, 512),
      fc.constantFrom(0, 2, 4),
      async (random, tolds, blockPages, lookBackEpochs) => {
        const sorted = [...random].sort(([a], [b]) => a.s - b.s);
        const touches = sorted.map(([t]) => t);
        const written: HandWritten = { vms: ["a", "b", "c"], touches, told: [...tolds].sort((a, b) => a.s - b.s) };
        const machine = await hostOf(written, blockPages, lookBackEpochs);
        for (let s = 1; s <= 12; s++) {
          await playEpoch(
            machine,
            written,
            s,
            sorted.map(([, user]) => user),
          );
          checkMachine(machine);
        }
        const outside = (v: number) => touches.filter(({ vm, ppn }) => vm === v && ppn >= PAGES).reduce((sum, { count }) => sum + count, 0);
        expect(machine.vms.map(({ outsideAccesses }) => outsideAccesses)).toEqual([0, 1, 2].map(outside));
      },
    ),
    { seed: 1, numRuns: 40, endOnFailure: true },
  );
});

test("one touch of every page makes every page resident once, with frames of its own", async () => {
  const touches = Array.from({ length: PAGES }, (_, i): Touch => ({ s: 1, ppn: (i * 7) % PAGES, op: "W" }));
  for (const [blockPages, faults] of [
    [1, PAGES],
    [512, 2],
  ]) {
    const machine = await hostOf({ touches }, blockPages, 1);
    await playEpoch(
      machine,
      { touches },
      1,
      touches.map(() => 0),
    );
    const [vm] = machine.vms;
    expect([vm.grantedPages, vm.touchedPages, vm.faults, vm.zeroedPages, machine.freshMpn]).toEqual([PAGES, PAGES, faults, PAGES, PAGES]);
    expect(new Set(vm.pmap).size).toBe(PAGES);
    checkMachine(machine);
  }
});
