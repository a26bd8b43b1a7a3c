import { WRITE, type AccessBatch } from "@tidemark/data/shapes";
import { growCensus, nextEpoch, OLD_ROW, RING_ROW, rowStart, SLACK_ROW } from "./census.ts";
import { groupOf } from "./groups.ts";
import {
  blockEnd,
  blockStart,
  FINAL,
  GROUP,
  LAST_TOUCH,
  LAST_WRITE,
  RECORD,
  settle,
  takeFrame,
  UNBACKED,
  type Machine,
  type Vm,
} from "./machine.ts";

/** Begins the epoch after the running one, in every VM. */
export function beginEpoch(machine: Machine): void {
  for (const vm of machine.vms) nextEpoch(vm.census);
}

/** Plays rows [from, to) of a batch. Synchronous; allocates nothing. */
export function touchRows(machine: Machine, batch: AccessBatch, from: number, to: number): void {
  const { vms } = machine;
  if (vms.length === 1) {
    touchRun(machine, 0, batch, from, to);
    return;
  }
  const { vm } = batch;
  for (let start = from; start < to;) {
    const v = vm[start];
    let end = start + 1;
    while (end < to && vm[end] === v) end++;
    touchRun(machine, v, batch, start, end);
    start = end;
  }
}

/** Rows whose records are fetched ahead. */
const AHEAD = 256;

/**
 * Rows of one VM. Most of the time goes into waiting for the records of pages, which lie anywhere in memory, so the records
 * of the next rows are read first, all at once: a quarter faster at a million pages.
 */
function touchRun(machine: Machine, v: number, batch: AccessBatch, from: number, to: number): void {
  const vm = machine.vms[v];
  const { seen, configuredPages, userOwner, groups, census } = vm;
  const { epoch, touched } = census;
  const { ppn, page, kind, count } = batch;
  let { cells, stride } = census;
  let now = rowStart(census, epoch);
  const ring = census.ringEpochs - 1;
  const folded = epoch - census.ringEpochs; // epochs up to this one are in the old row
  let fetched = 0;
  for (let start = from; start < to; start += AHEAD) {
    const end = Math.min(start + AHEAD, to);
    for (let i = start; i < end; i++) if (ppn[i] < configuredPages) fetched ^= seen[RECORD * ppn[i]];
    for (let i = start; i < end; i++) {
      const p = ppn[i];
      if (p >= configuredPages) {
        vm.outsideAccesses += count[i];
        continue;
      }
      const at = RECORD * p;
      const before = seen[at + LAST_TOUCH];
      if (before !== epoch) {
        const group = 2 * seen[at + GROUP];
        if (before === 0) {
          firstTouch(machine, v, p);
        } else {
          // Touched again, so the earlier touch was not the trace's last: it was counted among those that return.
          cells[(before <= folded ? OLD_ROW : RING_ROW + (before & ring)) * stride + group] -= 1;
          touched[before] -= 1;
        }
        cells[now + group + (seen[at + FINAL] === epoch ? 1 : 0)] += 1;
        touched[epoch] += 1;
        seen[at + LAST_TOUCH] = epoch;
      }
      if (kind[i] === WRITE && seen[at + LAST_WRITE] !== epoch) firstWriteOfEpoch(vm, at);
      const user = userOwner[page[i]];
      if (user !== 0) {
        const owner = groups.touchOwner[seen[at + GROUP]];
        if (owner >= 0 && owner !== user) {
          changeOwner(vm, p, page[i], user);
          ({ cells, stride } = census); // a new group may have made the census grow
          now = rowStart(census, epoch);
        }
      }
    }
  }
  machine.fetched = fetched;
}

/** The first touch of all: backs the page if its block is not, and takes it out of the slack. */
function firstTouch(machine: Machine, v: number, ppn: number): void {
  const vm = machine.vms[v];
  const { census } = vm;
  if (vm.pmap[ppn] === UNBACKED) backBlock(machine, v, ppn);
  census.cells[SLACK_ROW * census.stride + 2 * vm.seen[RECORD * ppn + GROUP]] -= 1;
  vm.touchedPages++;
}

function firstWriteOfEpoch(vm: Vm, at: number): void {
  const { written, epoch } = vm.census;
  const before = vm.seen[at + LAST_WRITE];
  if (before !== 0) written[before] -= 1;
  written[epoch] += 1;
  vm.seen[at + LAST_WRITE] = epoch;
}

/** Demand allocation: backs the page, or its whole 2 MB block, with zeroed machine pages. Freed memory never comes back by itself. */
function backBlock(machine: Machine, v: number, ppn: number): void {
  const vm = machine.vms[v];
  vm.faults++;
  for (let p = blockStart(vm, ppn), end = blockEnd(vm, ppn); p < end; p++) {
    if (vm.pmap[p] !== UNBACKED) continue;
    settle(vm, p, takeFrame(machine));
    vm.zeroedPages++;
  }
}

/**
 * The last user address space that touched the page owns it, where no allocation's pid says otherwise. Firmware and boot
 * code run on the lower half with VPN = PPN before there is any process: such touches own nothing (decision 5).
 */
function changeOwner(vm: Vm, ppn: number, page: number, owner: number): void {
  if (vm.vpnOf[page] === ppn) return;
  const { groups } = vm;
  const group = vm.seen[RECORD * ppn + GROUP];
  setGroup(vm, ppn, groupOf(groups, owner, false, groups.kind[group], groups.allocator[group]));
}

/** Moves a page to another group; the census follows. */
export function setGroup(vm: Vm, ppn: number, group: number): void {
  const { seen, census } = vm;
  const at = RECORD * ppn;
  const before = seen[at + GROUP];
  if (before === group) return;
  growCensus(census, vm.groups.length);
  seen[at + GROUP] = group;
  if (vm.pmap[ppn] < 0) return;
  const touch = seen[at + LAST_TOUCH];
  const row = touch === 0 ? SLACK_ROW * census.stride : rowStart(census, touch);
  const final = touch !== 0 && seen[at + FINAL] === touch ? 1 : 0;
  census.cells[row + 2 * before + final] -= 1;
  census.cells[row + 2 * group + final] += 1;
}
