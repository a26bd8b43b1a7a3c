import { expect, test } from "vitest";
import { chargeOf, consumedPages, shareFrame } from "./charge.ts";
import { checkMachine } from "./check-machine.ts";
import { createGroups } from "./groups.ts";
import { createMachine, type Machine } from "./machine.ts";
import { beginEpoch, touchRows } from "./touch.ts";
import { accessBatch, READ } from "@tidemark/data";

/** Two VMs that touch PPNs 0…4 and 0…1. */
function twoVms(): Machine {
  const plan = (name: string, configuredPages: number) => ({
    name,
    configuredPages,
    blockPages: 1,
    groups: createGroups(),
    userOwner: new Uint16Array(8),
    vpnOf: new Float64Array(8),
  });
  const machine = createMachine([plan("VM1", 8), plan("VM2", 8)], 1, 1);
  const batch = accessBatch(7);
  [0, 1, 2, 3, 4, 0, 1].forEach((ppn, i) => {
    batch.vm[i] = i < 5 ? 0 : 1;
    batch.page[i] = batch.ppn[i] = ppn;
    batch.kind[i] = READ;
    batch.count[i] = 1;
  });
  beginEpoch(machine);
  touchRows(machine, batch, 0, 7);
  return machine;
}

test("the example of the Resource Management Guide: five references to three frames, one shared with VM2", () => {
  const machine = twoVms();
  const [vm1, vm2] = machine.vms;
  expect([consumedPages(machine, vm1), consumedPages(machine, vm2)]).toEqual([5, 2]);
  const [a, b, c] = vm1.pmap;
  shareFrame(machine, vm1, 3, a);
  shareFrame(machine, vm1, 4, b);
  shareFrame(machine, vm2, 0, c);
  expect(vm1.grantedPages * 4).toBe(20); // KB
  expect(consumedPages(machine, vm1) * 4).toBe(10);
  expect(consumedPages(machine, vm2)).toBe(1.5);
  const { references, frames } = chargeOf(machine);
  expect(references.map((byK) => Object.fromEntries(byK))).toEqual([{ 2: 5 }, { 1: 1, 2: 1 }]);
  expect(Object.fromEntries(frames)).toEqual({ 1: 1, 2: 3 });
  checkMachine(machine);
});

test("checkMachine sees a frame that two pages use without a reference", () => {
  const machine = twoVms();
  machine.vms[0].pmap[1] = machine.vms[0].pmap[0];
  expect(() => checkMachine(machine)).toThrow("bug: MPN 0 is mapped 2 times and counts 1");
});

test("checkMachine sees a page that the counts forgot", () => {
  const machine = twoVms();
  machine.vms[1].grantedPages--;
  expect(() => checkMachine(machine)).toThrow("bug: VM2: 2 pages are resident, granted says 1");
});
