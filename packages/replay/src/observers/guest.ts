import { guestTable, tableOf, type Row } from "@tidemark/data";
import { guestView } from "../guest-view.ts";
import type { Observer } from "../observer.ts";

/** The guest's own view as a table, up to the end of the trace. */
export const guest: Observer = {
  name: "guest",
  about: "the guest's /proc/meminfo samples",
  async create({ machine, schedule, traced }) {
    const rows: Row<typeof guestTable.columns>[] = [];
    for (const [v, { trace, vm, offsetNs }] of traced.entries()) {
      const { name, configuredPages } = machine.vms[v];
      for (const sample of await guestView(trace, vm, configuredPages, offsetNs)) {
        if (sample.timeNs > schedule.endNs) break;
        rows.push({
          time: sample.timeNs,
          vm: name,
          total: sample.totalPages,
          free: sample.freePages,
          used: sample.usedPages,
          available: sample.availablePages,
          cached: sample.cachedPages,
          anonymous: sample.anonymousPages,
          slab: sample.slabPages,
          outside: sample.outsidePages,
        });
      }
    }
    return { finish: () => (rows.length === 0 ? [] : [tableOf(guestTable, rows)]) };
  },
};
