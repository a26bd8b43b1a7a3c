import { NO_PAGE } from "../policy.ts";
import type { Host } from "./host.ts";
import { pageOut } from "./page-out.ts";
import { isChargedMoreThan } from "./pages.ts";
import { checkState } from "./rebalance.ts";

/** One turn of the swapper: every VM gives up what the last balance asked of it, as far as its rate allows and as long as it is above its target. */
export function pageOutExcess(host: Host): void {
  const { swap } = host.mechanisms;
  if (swap === undefined) return;
  for (const hv of host.vms) {
    if (hv.pageOutLeft <= 0) {
      hv.swapCredit = 0;
      continue;
    }
    hv.swapCredit += (swap.rate * swap.period) / 1e9;
    let taken = 0;
    while (hv.pageOutLeft > 0 && hv.swapCredit >= 1 && isChargedMoreThan(host, hv, hv.target.targetPages) && pageOut(host, hv, NO_PAGE)) {
      hv.pageOutLeft--;
      hv.swapCredit--;
      taken++;
    }
    hv.swapCredit %= 1; // what the rate allows is for this turn; only the part of a page is kept
    hv.stalls.endTick();
    if (taken > 0) host.actions.add(host.nowNs, "page out", hv.vm.name, taken, hv.target.reason);
  }
  checkState(host);
}
