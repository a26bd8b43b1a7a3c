import { settle, UNBACKED, ZIPPED } from "../machine.ts";
import { NO_QUEUE } from "../page-queues.ts";
import type { Host } from "./host.ts";
import type { HostVm } from "./host-vm.ts";
import { takeFromCache } from "./page-out.ts";
import { allocationOf, letGo } from "./pages.ts";
import { memoryForVms } from "./targets.ts";

/** A VM is powered off (docs/host.md, Power): the host takes back all that it has of it, overhead and swap file too. */
export function powerOff(host: Host, hv: HostVm): void {
  const { machine } = host;
  const { vm, marks, guestPages, guestLru, settings } = hv;
  const held = allocationOf(host, hv);
  hv.largeBlocks.fill(0);
  hv.brokenBlocks.length = hv.brokenAt = 0;
  for (let ppn = 0; ppn < vm.configuredPages; ppn++) {
    const state = vm.pmap[ppn];
    if (state >= 0) letGo(host, hv, ppn, UNBACKED, false);
    else if (state !== UNBACKED) {
      if (state === ZIPPED) takeFromCache(hv, machine, ppn);
      settle(vm, ppn, UNBACKED);
    }
    marks[ppn] = 0;
    guestLru.left(ppn);
    if (guestPages.queueOf(ppn) !== NO_QUEUE) guestPages.remove(ppn);
  }
  hv.guestSwapped = hv.pageOutLeft = hv.scanCredit = hv.swapCredit = hv.entitlementPages = 0;
  hv.target = { targetPages: 0, excessPages: 0, balloonPages: 0, pageOutPages: 0, blocked: false, reason: "none", rho: Infinity };
  hv.isOff = true;
  machine.overheadPages -= settings.overheadPages;
  const { thresholds, mechanisms, hypervisorPages } = host;
  host.memoryForVms = memoryForVms(
    machine.sizePages,
    hypervisorPages,
    machine.overheadPages - hypervisorPages,
    thresholds.minFreePages,
    mechanisms.allocation.margin,
  );
  host.actions.add(host.nowNs, "stop", vm.name, held, `powered off: ${held} pages and ${settings.overheadPages} of overhead are free`);
}
