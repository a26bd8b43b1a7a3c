import { instantsTable, tableOf, timelineTable, type Row } from "@tidemark/data";
import { guestView, lastSampleAt } from "../guest-view.ts";
import { classPages, FREED_CLASS } from "../ledger.ts";
import type { Observer, VmSample } from "../observer.ts";

/** The counters of every VM, at samples (`timeline`) and at the instants asked for (`instants`). */
export const counters: Observer = {
  name: "counters",
  about: "granted, consumed, active and the guest's own view over time",
  async create({ machine, traced }) {
    const guests = await Promise.all(traced.map(({ trace, vm }, v) => guestView(trace, vm, machine.vms[v].configuredPages)));
    const timeline: Row<typeof timelineTable.columns>[] = [];
    const instants: Row<typeof instantsTable.columns>[] = [];
    const counted = ({ vm: v, timeNs, ledger, estimates }: VmSample): Row<typeof timelineTable.columns> => {
      const vm = machine.vms[v];
      const said = lastSampleAt(guests[v], timeNs);
      return {
        time: timeNs,
        vm: vm.name,
        configured: vm.configuredPages,
        granted: ledger.grantedPages,
        consumed: ledger.consumedPages,
        unbacked: vm.configuredPages - ledger.grantedPages,
        active: ledger.activePages,
        activewrite: ledger.activeWritePages,
        activeReported: estimates[0]?.reported ?? NaN,
        activeNotResident: 0, // nothing is taken back on an uncontended host
        freed: classPages(ledger, FREED_CLASS),
        allocatorUnknown: ledger.allocatorUnknownPages,
        guestUsed: said?.usedPages ?? NaN,
        guestOutside: said?.outsidePages ?? NaN,
        guestAllocated: vm.allocatorEvents > 0 ? vm.allocatedPages : NaN,
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
