import { formatPages, InputError } from "@tidemark/data/shapes";
import { freePages, takeFrame } from "../machine.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { STATE_RULES } from "./memory-state.ts";
import { pageOut } from "./page-out.ts";
import { allocationOf, isChargedMoreThan } from "./pages.ts";
import { BLOCKED } from "./stalls.ts";

/**
 * A frame for a page of a VM (docs/host.md, Room for a page): at its limit the VM gives up a page of its own first; in state low a
 * VM above its target waits until as much was taken from it. InputError where nothing can be taken from anybody. Whether free
 * memory has crossed a threshold is for the caller to look at, when the frame has its page.
 */
export function allocate(host: Host, hv: HostVm, ppn: number): number {
  const { machine } = host;
  const { limitPages } = hv.settings;
  if (limitPages < hv.vm.configuredPages) while (allocationOf(host, hv) + 1 > limitPages) waitForOwn(host, hv, ppn);
  if (STATE_RULES[host.state].blocks && isChargedMoreThan(host, hv, hv.target.targetPages)) {
    const free = freePages(machine);
    while (freePages(machine) <= free && pageOut(host, hv, ppn)) hv.stalls.add(BLOCKED);
  }
  while (freePages(machine) <= 0) waitForAny(host, hv, ppn);
  return takeFrame(machine);
}

/** A VM at its limit waits for a page of its own. */
function waitForOwn(host: Host, hv: HostVm, ppn: number): void {
  hv.stalls.add(BLOCKED);
  if (pageOut(host, hv, ppn)) return;
  const limit = formatPages(hv.settings.limitPages);
  impossible(host, hv, "at its limit", `from it below ${limit}`, "raise the limit, lower its reservation, or turn swap on");
}

/** A VM waits for a page of whoever is to give one and can. */
function waitForAny(host: Host, hv: HostVm, ppn: number): void {
  hv.stalls.add(BLOCKED);
  for (let spent: readonly HostVm[] = []; ;) {
    const from = richest(host, hv, spent);
    if (from === undefined)
      impossible(host, hv, "no free memory", "from any VM", "give the host more memory, lower reservations, or turn swap on");
    const isTaken = pageOut(host, from, ppn);
    if (from !== hv) from.stalls.endTick();
    if (isTaken) return;
    spent = [...spent, from];
  }
}

function impossible(host: Host, hv: HostVm, why: string, from: string, remedy: string): never {
  const { name } = STATE_RULES[host.state];
  throw new InputError(
    `${hv.vm.name}: ${why} in state ${name} at ${(host.nowNs / 1e9).toFixed(3)} s, and nothing can be taken ${from}: ` +
      `all is reserved, or swap is off; ${remedy}`,
  );
}

/** Whose page goes when there is none left: the VM furthest above its target, of equals the one that asks, then the first; none of those `spent`. */
function richest(host: Host, asking: HostVm, spent: readonly HostVm[]): HostVm | undefined {
  let best: HostVm | undefined;
  let most = -Infinity;
  for (const hv of host.vms) {
    const held = allocationOf(host, hv);
    if (held <= hv.settings.reservationPages || spent.includes(hv)) continue;
    const excess = held - hv.target.targetPages + (hv === asking ? 0.5 : 0);
    if (excess > most) {
      most = excess;
      best = hv;
    }
  }
  return best;
}
