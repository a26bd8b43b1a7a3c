import { guestTable, tableOf, type Row } from "@tidemark/data/shapes";
import { guestView } from "../guest-view.ts";
import { lateNs } from "../host/host.ts";
import type { Observer } from "../observer.ts";

/** The guest's own view as a table, up to the end of the trace. */
export const guest: Observer = {
  name: "guest",
  about: "the guest's /proc/meminfo samples",
  async create({ machine, schedule, traced, host }) {
    const views = await Promise.all(
      traced.map(({ trace, vm, offsetNs }, v) => guestView(trace, vm, machine.vms[v].configuredPages, offsetNs)),
    );
    const rows = views.map((): Row<typeof guestTable.columns>[] => []);
    /** What a guest has said by an instant. A VM that is late says it later: by as much as it had waited at the next sample. */
    const takeUpTo = (v: number, untilNs: number): void => {
      const late = host === undefined ? 0 : lateNs(host, host.vms[v]);
      for (const sample of views[v].slice(rows[v].length)) {
        const timeNs = sample.timeNs + late;
        if (timeNs > Math.min(untilNs, traced[v].stopNs)) break;
        rows[v].push({
          time: timeNs,
          vm: machine.vms[v].name,
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
    };
    return {
      sample: ({ vm, timeNs }) => takeUpTo(vm, timeNs),
      finish() {
        rows.forEach((_, v) => takeUpTo(v, schedule.endNs));
        return rows.every(({ length }) => length === 0) ? [] : [tableOf(guestTable, rows.flat())];
      },
    };
  },
};
