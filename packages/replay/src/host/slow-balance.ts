import { entitlements } from "./entitlement.ts";
import { withMargin } from "./min-free.ts";
import { nextState, STATE_RULES } from "./memory-state.ts";
import { revocationOrder, type Standing } from "./revocation.ts";
import { act, allocation, freePages, inState, isRunning, overheadPages, type SlowHost, type SlowVm } from "./slow-machine.ts";
import { balance, balloonCap } from "./targets.ts";

/** docs/host.md, Balance. What is divided among whom is the arithmetic of files with slow models of their own. */

/** Whether a VM's balloon driver can act now. */
export const canBalloon = ({ mechanisms: { balloon }, nowNs, timeScale }: SlowHost, { hasDriver, startNs, isOff }: SlowVm): boolean =>
  balloon !== undefined && hasDriver && !isOff && (nowNs - startNs) * timeScale >= balloon.boot;

const STANDINGS: { readonly [why in Standing]: string } = {
  limit: "above its limit",
  idle: "taxed for idle pages",
  shares: "by its shares per page",
  reservation: "all of it reserved",
};

export function rebalance(host: SlowHost, why: string): void {
  const { allocation: params, balloon } = host.mechanisms;
  const running = host.vms.filter((vm) => isRunning(host, vm));
  const claims = running.map((vm) => {
    const active = vm.active();
    return {
      shares: vm.shares,
      activePages: Math.min(vm.pages.length, Number.isNaN(active) ? inState(vm, "resident").length : active),
      reservationPages: vm.reservationPages,
      limitPages: vm.limitPages,
      allocatedPages: allocation(host, vm),
      canBalloon: canBalloon(host, vm),
      balloonPages: vm.pinned.length,
      balloonCapPages: balloon === undefined ? 0 : balloonCap(vm.pages.length, vm.reservationPages, balloon.max),
    };
  });
  const entitled = entitlements(
    claims.map(({ shares, activePages, reservationPages, limitPages }) => ({
      shares,
      activePages,
      minPages: reservationPages,
      maxPages: limitPages,
    })),
    Math.max(0, host.machinePages - overheadPages(host) - withMargin(host.thresholds.minFreePages, params.margin)),
    params.idleTax,
  );
  const free = freePages(host);
  const { minFreePages } = host.thresholds;
  const decided = balance({ state: host.state, freePages: free, minFreePages, margin: params.margin, idleTax: params.idleTax }, claims);
  if (decided.needPages > 0 || why !== "period")
    act(host, "balance", "", decided.needPages, `${why}: ${free} pages free, ${decided.aimPages} aimed at`);
  const order = revocationOrder(claims, params.idleTax);
  for (const [i, vm] of running.entries()) {
    const target = decided.vms[i];
    const isNews = target.excessPages > 0 && (target.excessPages !== vm.target.excessPages || target.reason !== vm.target.reason);
    vm.target = target;
    vm.entitlementPages = entitled[i];
    vm.pageOutLeft = target.pageOutPages;
    if (!isNews) continue;
    const place = order.findIndex((each) => each.vm === i);
    const standing = `number ${place + 1} of ${order.length} to give, ${STANDINGS[order[place].why]} (rho ${order[place].rho.toPrecision(6)})`;
    const plan = `balloon to ${target.balloonPages}, page out ${target.pageOutPages}`;
    act(
      host,
      "target",
      vm.name,
      target.excessPages,
      `${target.reason}: ${standing}; holds ${claims[i].allocatedPages}, target ${target.targetPages}, ${plan}`,
    );
  }
}

export function checkState(host: SlowHost): void {
  const free = freePages(host);
  const before = host.state;
  const after = nextState(before, free, host.thresholds);
  if (after === before) return;
  host.state = after;
  const isWorse = after > before;
  const { enterBelow, leaveAt } = host.thresholds;
  const crossed = isWorse ? `below ${enterBelow[after]}` : `at or above ${leaveAt[before]}`;
  act(host, "state", "", free, `${STATE_RULES[before].name} to ${STATE_RULES[after].name}: ${free} pages free, ${crossed}`);
  if (isWorse) rebalance(host, `state ${STATE_RULES[after].name}`);
}
