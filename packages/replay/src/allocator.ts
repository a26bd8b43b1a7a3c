import { ALLOC, FREE, NONE, type GuestBatch } from "@tidemark/data/shapes";
import { ALLOCATED, FREED, groupOf, ownerNumber } from "./groups.ts";
import { GROUP, RECORD, type Machine, type Vm } from "./machine.ts";
import { FREE_KIND, kindOfGfp } from "./page-kind.ts";
import { setGroup } from "./touch.ts";

/** Plays guest events [from, to): alloc and free change what a page is, never whether it is resident or active. */
export function playGuestRows(machine: Machine, batch: GuestBatch, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const kind = batch.kind[i];
    if (kind === ALLOC || kind === FREE) playAllocator(machine.vms[batch.vm[i]] as Vm, batch, i);
  }
}

function playAllocator(vm: Vm, batch: GuestBatch, i: number): void {
  const first = batch.ppn[i];
  const end = Math.min(first + batch.count[i], vm.configuredPages);
  const { groups } = vm;
  const freed = batch.kind[i] === FREE;
  const pid = freed ? NONE : batch.pid[i];
  const owner = pid === NONE ? -1 : ownerNumber(groups, `pid ${pid}`);
  const kind = freed ? FREE_KIND : kindOfGfp(batch.gfp[i]);
  vm.allocatorEvents++;
  for (let ppn = first; ppn < end; ppn++) {
    const before = vm.seen[RECORD * ppn + GROUP];
    const wasAllocated = groups.allocator[before] === ALLOCATED;
    if (wasAllocated === freed) vm.allocatedPages += freed ? -1 : 1;
    const keptOwner = owner < 0 ? groups.owner[before] : owner;
    const byPid = owner >= 0 || groups.touchOwner[before] < 0;
    setGroup(vm, ppn, groupOf(groups, keptOwner, byPid, kind, freed ? FREED : ALLOCATED));
  }
}
