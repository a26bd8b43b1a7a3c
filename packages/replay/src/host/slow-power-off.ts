import { act, allocation, takeOut, type SlowHost } from "./slow-machine.ts";
import type { Playing } from "./slow-vm.ts";

/** docs/host.md, Power: the VM is off, and has nothing any more. */
export function powerOff(host: SlowHost, { vm, items }: Playing): void {
  const held = allocation(host, vm);
  for (const page of vm.pages) {
    if (page.state === "resident") takeOut(page, "unbacked", false);
    page.state = "unbacked";
    page.isInSwap = page.isOut = false;
  }
  vm.large.clear();
  vm.brokenPpns = [];
  vm.cache = [];
  vm.free = [];
  vm.pinned = [];
  vm.lists.inactive = [];
  vm.lists.active = [];
  vm.lists.aside = [];
  vm.target = { targetPages: 0, excessPages: 0, balloonPages: 0, pageOutPages: 0, blocked: false, reason: "none", rho: Infinity };
  vm.entitlementPages = vm.pageOutLeft = vm.scanCredit = vm.swapCredit = 0;
  vm.isOff = true;
  items.length = 0;
  act(host, "stop", vm.name, held, `powered off: ${held} pages and ${vm.overheadPages} of overhead are free`);
}
