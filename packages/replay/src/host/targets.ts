import { STATE_RULES } from "./memory-state.ts";
import { withMargin } from "./min-free.ts";
import { revoke, rho, type Holding } from "./revocation.ts";

/** What the host knows when it balances. */
export interface Pressure {
  readonly state: number;
  readonly freePages: number;
  readonly minFreePages: number;
  /** Of minFree: how far above it free memory is brought. */
  readonly margin: number;
  readonly idleTax: number;
}

export interface BalancedVm extends Holding {
  /** Whether a balloon driver runs in the guest. */
  readonly canBalloon: boolean;
  /** Pages that the balloon holds now, and the most that it may. */
  readonly balloonPages: number;
  readonly balloonCapPages: number;
}

/** Why a VM's target is what it is. */
type TargetReason =
  | "limit" // down to the limit
  | "need" // the host needs pages, and this VM's are the cheapest
  | "reservation" // the host needs pages; this VM holds no more than is reserved for it
  | "none"; // may keep what it holds

export interface VmTarget {
  readonly targetPages: number;
  /** Allocation above the target; what the mechanisms are to take. */
  readonly excessPages: number;
  /** Size that the balloon is to have. A balloon that deflates stops when free memory is no longer above `aimPages`. */
  readonly balloonPages: number;
  /** Pages to compress or swap. */
  readonly pageOutPages: number;
  /** Whether the VM waits for its own reclaim before it gets another page. */
  readonly blocked: boolean;
  readonly reason: TargetReason;
  /** What the VM pays for a page before anything is taken. */
  readonly rho: number;
}

export interface Balance {
  /** Free memory that is aimed at: minFree and the margin. */
  readonly aimPages: number;
  readonly needPages: number;
  /** Of the need, what reservations leave nobody to take from. */
  readonly unmetPages: number;
  readonly vms: readonly VmTarget[];
}

/** Most of a VM's memory that its balloon may hold, in percent (RMG, Mem.CtlMaxPercent). */
export const BALLOON_MAX_PERCENT = 65;

export const balloonCap = (configuredPages: number, reservationPages: number, maxPercent: number): number =>
  Math.max(0, Math.min(Math.floor((maxPercent * configuredPages) / 100), configuredPages - reservationPages));

/**
 * Pages charged to a VM: a k-th for each of its references to machine pages with k references (`references.get(k)` of them), a
 * started page in full, and its compression cache. Fractions are summed apart from whole pages, so that none is lost.
 */
export function allocatedPages(references: ReadonlyMap<number, number>, zipCachePages: number): number {
  let whole = zipCachePages;
  let fraction = 0;
  for (const [k, held] of references) {
    whole += Math.floor(held / k);
    fraction += (held % k) / k;
  }
  return whole + Math.ceil(fraction - 1e-9);
}

/** Memory that VMs are entitled to together: what the hypervisor, their overhead, minFree and its margin leave. */
export const memoryForVms = (
  machinePages: number,
  hypervisorPages: number,
  overheadPages: number,
  minFreePages: number,
  margin: number,
): number => Math.max(0, machinePages - hypervisorPages - overheadPages - withMargin(minFreePages, margin));

/**
 * Who is to give up how much, and by which mechanism (docs/host.md, Balance). The excess goes to the balloon as far as it can grow,
 * the rest to compression and swap; in hard and low, where balloons stand still, all of it.
 */
export function balance(host: Pressure, vms: readonly BalancedVm[]): Balance {
  const rule = STATE_RULES[host.state];
  const aimPages = withMargin(host.minFreePages, host.margin);
  const needPages = rule.fillsNeed ? Math.max(0, aimPages - host.freePages) : 0;
  const targets = revoke(vms, needPages, host.idleTax);
  let taken = 0;
  const plans = vms.map((vm, v): VmTarget => {
    const targetPages = targets[v];
    const excessPages = vm.allocatedPages - targetPages;
    taken += excessPages;
    const moves = vm.canBalloon && rule.balloon !== "frozen";
    const grow = moves ? Math.min(excessPages, Math.max(0, vm.balloonCapPages - vm.balloonPages)) : 0;
    const deflates = excessPages === 0 && rule.balloon === "deflates" && host.freePages > aimPages;
    return {
      targetPages,
      excessPages,
      balloonPages: moves ? (deflates ? 0 : Math.min(vm.balloonPages + grow, vm.balloonCapPages)) : vm.balloonPages,
      pageOutPages: excessPages - grow,
      blocked: rule.blocks && excessPages > 0,
      reason: reasonOf(vm, targetPages, needPages),
      rho: rho(vm, host.idleTax),
    };
  });
  return { aimPages, needPages, unmetPages: Math.max(0, needPages - taken), vms: plans };
}

function reasonOf({ allocatedPages, limitPages, reservationPages }: BalancedVm, targetPages: number, needPages: number): TargetReason {
  if (targetPages < Math.min(allocatedPages, limitPages)) return "need";
  if (targetPages < allocatedPages) return "limit";
  return needPages > 0 && allocatedPages <= reservationPages ? "reservation" : "none";
}
