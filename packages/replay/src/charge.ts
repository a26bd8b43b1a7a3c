import { UNBACKED, type Machine, type Vm } from "./machine.ts";

/**
 * Who is charged for the host's frames, in integers: `references[v].get(k)` references of VM v go to frames with k
 * references, of which there are `frames.get(k)`. Σ over VMs of references = k × frames (LEDGER, Sharing, in integers).
 */
export interface Charge {
  readonly references: readonly Map<number, number>[];
  readonly frames: Map<number, number>;
}

/** The charges of the whole host, by a walk over every pmap and frame. */
export function chargeOf(machine: Machine): Charge {
  const references = machine.vms.map(() => new Map<number, number>());
  machine.vms.forEach((vm, v) => {
    for (const mpn of vm.pmap) if (mpn !== UNBACKED) count(references[v], machine.refs[mpn]);
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
  if (machine.sharedFrames === 0) return vm.grantedPages;
  let pages = 0;
  for (const [k, references] of chargeOf(machine).references[machine.vms.indexOf(vm)] ?? []) pages += references / k;
  return pages;
}

/** Maps a resident PPN to a frame that another PPN already uses; its own frame loses a reference, and is free if that was its last. */
export function shareFrame(machine: Machine, vm: Vm, ppn: number, mpn: number): void {
  const own = vm.pmap[ppn];
  if (own === mpn) return;
  vm.pmap[ppn] = mpn;
  if (machine.refs[own]-- === 2) machine.sharedFrames--;
  if (machine.refs[mpn]++ === 1) machine.sharedFrames++;
}
