import { freePages } from "../machine.ts";
import { entitlements } from "./entitlement.ts";
import { isRunning, type Host } from "./host.ts";
import { PINNED, type HostVm } from "./host-vm.ts";
import { nextState, STATE_RULES } from "./memory-state.ts";
import { allocationOf } from "./pages.ts";
import { revocationOrder, type Place, type Standing } from "./revocation.ts";
import { balance, balloonCap } from "./targets.ts";

/** Decides who is to have how much, and by which mechanism the excess goes (docs/host.md, Balance). Moves nothing. */
export function rebalance(host: Host, why: string): void {
  const { machine, mechanisms, thresholds, vms, nowNs } = host;
  const { margin, idleTax } = mechanisms.allocation;
  const running = vms.filter((hv) => isRunning(host, hv));
  const held = running.map((hv) => allocationOf(host, hv));
  const active = running.map((hv) => Math.min(hv.vm.configuredPages, host.activeOf(hv)));
  const entitled = entitlements(
    running.map(({ vm, settings }, i) => ({
      shares: settings.shares,
      activePages: active[i],
      minPages: settings.reservationPages,
      maxPages: Math.min(vm.configuredPages, settings.limitPages),
    })),
    host.memoryForVms,
    idleTax,
  );
  const holdings = running.map((hv, i) => ({
    shares: hv.settings.shares,
    activePages: active[i],
    reservationPages: hv.settings.reservationPages,
    limitPages: hv.settings.limitPages,
    allocatedPages: held[i],
    canBalloon: canBalloon(host, hv),
    balloonPages: hv.guestPages.sizes[PINNED],
    balloonCapPages: balloonCapOf(host, hv),
  }));
  const decided = balance(
    { state: host.state, freePages: freePages(machine), minFreePages: thresholds.minFreePages, margin, idleTax },
    holdings,
  );
  const order = revocationOrder(holdings, idleTax);
  if (decided.needPages > 0 || why !== "period")
    host.actions.add(nowNs, "balance", "", decided.needPages, `${why}: ${freePages(machine)} pages free, ${decided.aimPages} aimed at`);
  running.forEach((hv, i) => {
    const target = decided.vms[i];
    const before = hv.target;
    hv.target = target;
    hv.entitlementPages = entitled[i];
    hv.pageOutLeft = target.pageOutPages;
    if (target.excessPages > 0 && (target.excessPages !== before.excessPages || target.reason !== before.reason))
      host.actions.add(
        nowNs,
        "target",
        hv.vm.name,
        target.excessPages,
        `${target.reason}: ${placeOf(order, i)}; holds ${held[i]}, target ${target.targetPages}, balloon to ${target.balloonPages}, page out ${target.pageOutPages}`,
      );
  });
}

const STANDINGS: { readonly [why in Standing]: string } = {
  limit: "above its limit",
  idle: "taxed for idle pages",
  shares: "by its shares per page",
  reservation: "all of it reserved",
};

/** Where a VM stands in the order of revocation, and why. */
function placeOf(order: readonly Place[], i: number): string {
  const at = order.findIndex(({ vm }) => vm === i);
  const { rho, why } = order[at];
  return `number ${at + 1} of ${order.length} to give, ${STANDINGS[why]} (rho ${rho.toPrecision(6)})`;
}

/** Whether a balloon can act in a VM now: it has a driver, and that has been running long enough. */
export function canBalloon({ mechanisms: { balloon }, nowNs, timeScale }: Host, { settings, isOff }: HostVm): boolean {
  return balloon !== undefined && settings.hasDriver && !isOff && (nowNs - settings.startNs) * timeScale >= balloon.boot;
}

const balloonCapOf = ({ mechanisms: { balloon } }: Host, { vm, settings }: HostVm): number =>
  balloon === undefined ? 0 : balloonCap(vm.configuredPages, settings.reservationPages, balloon.max);

/** Looks whether free memory has crossed a threshold. A state that got worse is balanced for at once. */
export function checkState(host: Host): void {
  const free = freePages(host.machine);
  const next = nextState(host.state, free, host.thresholds);
  if (next === host.state) return;
  const before = host.state;
  host.state = next;
  const { enterBelow, leaveAt } = host.thresholds;
  const crossed = next > before ? `below ${enterBelow[next]}` : `at or above ${leaveAt[before]}`;
  host.actions.add(
    host.nowNs,
    "state",
    "",
    free,
    `${STATE_RULES[before].name} to ${STATE_RULES[next].name}: ${free} pages free, ${crossed}`,
  );
  if (next > before) rebalance(host, `state ${STATE_RULES[next].name}`);
}
