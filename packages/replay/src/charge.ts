import { leaveFrame, type Machine, type Vm } from "./machine.ts";

/**
 * Who is charged for the host's frames, in integers: `references[v].get(k)` references of VM v go to frames with k
 * references, of which there are `frames.get(k)`. Σ over VMs of references = k × frames (docs/architecture.md, The ledger).
 */
export interface Charge {
  readonly references: readonly Map<number, number>[];
  readonly frames: Map<number, number>;
}

/** The charges of the whole host, by a walk over every pmap and frame. */
export function chargeOf(machine: Machine): Charge {
  const references = machine.vms.map(() => new Map<number, number>());
  machine.vms.forEach((vm, v) => {
    for (const mpn of vm.pmap) if (mpn >= 0) count(references[v], machine.refs[mpn]);
  });
  const frames = new Map<number, number>();
  for (let mpn = 0; mpn < machine.freshMpn; mpn++) if (machine.refs[mpn] > 0) count(frames, machine.refs[mpn]);
  return { references, frames };
}

function count(histogram: Map<number, number> | undefined, key: number): void {
  histogram?.set(key, (histogram.get(key) ?? 0) + 1);
}

/** Machine memory charged to a VM: a frame referenced k times is charged 1/k to each reference. */
export function consumedPages(machine: Machine, vm: Vm): number {
  const v = machine.vms.indexOf(vm);
  if (machine.sharedBy === undefined && machine.sharedFrames === 0) return vm.grantedPages;
  const references = machine.sharedBy?.(v) ?? chargeOf(machine).references[v];
  let pages = vm.grantedPages;
  // Smallest k first: equal counts give equal sums.
  for (const k of [...references.keys()].sort((a, b) => a - b)) pages -= (references.get(k) ?? 0) * (1 - 1 / k);
  return pages;
}

/** Maps a resident PPN to a frame that another PPN already uses; its own frame loses a reference, and is free if that was its last. */
export function shareFrame(machine: Machine, vm: Vm, ppn: number, mpn: number): void {
  const own = vm.pmap[ppn];
  if (own === mpn) return;
  vm.pmap[ppn] = mpn;
  leaveFrame(machine, own);
  if (machine.refs[mpn]++ === 1) machine.sharedFrames++;
}
