import { instantsTable, tableOf, timelineTable, type Row } from "@tidemark/data/shapes";
import { guestView, lastSampleAt } from "../guest-view.ts";
import { classPages, FREED_CLASS } from "../ledger.ts";
import { lateNs } from "../host/host.ts";
import type { HostVm } from "../host/host-vm.ts";
import type { Vm } from "../machine.ts";
import type { Observer, VmSample } from "../observer.ts";
import { epochAfter, type Schedule } from "../schedule.ts";

/** The counters of every VM, at samples (`timeline`) and at the instants asked for (`instants`). */
export const counters: Observer = {
  name: "counters",
  about: "granted, consumed, active and the guest's own view over time",
  async create({ machine, schedule, host, traced }) {
    const guests = await Promise.all(
      traced.map(({ trace, vm, offsetNs }, v) => guestView(trace, vm, machine.vms[v].configuredPages, offsetNs)),
    );
    const timeline: Row<typeof timelineTable.columns>[] = [];
    const instants: Row<typeof instantsTable.columns>[] = [];
    const counted = ({ vm: v, timeNs, ledger, estimates }: VmSample): Row<typeof timelineTable.columns> => {
      const vm = machine.vms[v];
      const hv = host?.vms[v];
      const isOff = hv?.isOff === true;
      const said = isOff ? undefined : lastSampleAt(guests[v], timeNs - (host === undefined || hv === undefined ? 0 : lateNs(host, hv)));
      return {
        time: timeNs,
        vm: vm.name,
        configured: vm.configuredPages,
        granted: ledger.grantedPages,
        consumed: ledger.consumedPages,
        unbacked: vm.configuredPages - ledger.grantedPages - vm.away.ballooned - vm.away.swapped - vm.away.zipped,
        active: ledger.activePages,
        activewrite: ledger.activeWritePages,
        activeReported: estimates[0]?.reported ?? NaN,
        activeNotResident: isOff ? 0 : awayAndActive(vm, schedule, timeNs),
        freed: classPages(ledger, FREED_CLASS),
        allocatorUnknown: ledger.allocatorUnknownPages,
        guestUsed: said?.usedPages ?? NaN,
        guestOutside: said?.outsidePages ?? NaN,
        guestAllocated: vm.allocatorEvents > 0 && !isOff ? vm.allocatedPages : NaN,
        ...reclaimed(hv),
        faults: vm.faults,
        zeroed: vm.zeroedPages,
        outsideAccesses: vm.outsideAccesses,
      };
    };
    return {
      sample: (sample) => void timeline.push(counted(sample)),
      instant: (asked, sample) => void instants.push({ asked, ...counted(sample), remaining: sample.ledger.remainingNs }),
      finish: () => [tableOf(timelineTable, timeline), tableOf(instantsTable, instants)],
    };
  },
};

/** Pages touched in the window that were taken back since. */
function awayAndActive({ census, away }: Vm, schedule: Schedule, timeNs: number): number {
  let pages = 0;
  for (let epoch = epochAfter(schedule, timeNs - schedule.windowNs); epoch <= census.epoch; epoch++) pages += away.touched[epoch];
  return pages;
}

/** What the host's mechanisms hold of a VM; nothing where memory is never scarce. */
function reclaimed(hv: HostVm | undefined) {
  const { ballooned = 0, swapped = 0, zipped = 0 } = hv?.vm.away ?? {};
  const zipCache = hv?.cache?.pages ?? 0;
  return {
    shared: hv?.sharedPages ?? 0,
    vmmemctl: ballooned,
    vmmemctltarget: hv?.target.balloonPages ?? 0,
    swapped,
    swaptarget: hv === undefined ? 0 : Math.max(0, hv.pageOutLeft),
    swapin: hv?.counts.swapIn ?? 0,
    swapout: hv?.counts.swapOut ?? 0,
    zipped,
    zipCache,
    zipSaved: zipped - zipCache,
    overhead: hv === undefined || hv.isOff ? 0 : hv.settings.overheadPages,
    entitlement: hv?.entitlementPages ?? NaN,
    target: hv?.target.targetPages ?? NaN,
  };
}
