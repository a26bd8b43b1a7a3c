import type { Values } from "@tidemark/data/shapes";
import { NO_PAGE } from "../policy.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import type { SENPAI } from "./mechanism-params.ts";
import { pageOut } from "./page-out.ts";
import { checkState } from "./rebalance.ts";
import { STALL_CAUSES } from "./stalls.ts";

/**
 * Feedback of pressure, as TMO's Senpai: every turn takes ratio × resident × max(0, 1 − pressure / threshold) pages of a VM, whole
 * ones, by its swapper's policy. Pressure is the share of the turn that the VM waited, for whatever reason.
 */
export function createSenpai(host: Host, { ratio, threshold, period }: Values<typeof SENPAI>): () => void {
  const waitedNs = host.vms.map(() => 0);
  return () => {
    host.vms.forEach((hv, v) => {
      const waited = waitedBy(hv);
      const pressure = (100 * (waited - waitedNs[v])) / period;
      waitedNs[v] = waited;
      const wanted = Math.floor(ratio * hv.vm.grantedPages * Math.max(0, 1 - pressure / threshold));
      let taken = 0;
      while (taken < wanted && pageOut(host, hv, NO_PAGE)) taken++;
      if (taken === 0) return;
      hv.counts.senpai += taken;
      hv.stalls.endTick();
      host.actions.add(host.nowNs, "senpai", hv.vm.name, taken, `pressure ${Number(pressure.toFixed(4))} %, below ${threshold} %`);
    });
    checkState(host);
  };
}

/** All that a VM has waited so far, ns. */
const waitedBy = ({ stalls }: HostVm): number => STALL_CAUSES.reduce((sum, _, cause) => sum + stalls.ns(cause), 0);
