import { latencyTable, reclaimTable, stallsTable, tableOf, type Row } from "@tidemark/data/shapes";
import { STALL_CAUSES } from "../host/stalls.ts";
import type { Observer } from "../observer.ts";

/** What VMs waited for, how long their accesses waited, and what was done to their pages; no tables where memory is never scarce. */
export const stalls: Observer = {
  name: "stalls",
  about: "waiting by cause over time, latencies of accesses, counts of every mechanism",
  create({ host }) {
    if (host === undefined) return { finish: () => [] };
    const rows: Row<typeof stallsTable.columns>[] = [];
    return {
      sample({ vm: v, timeNs }) {
        const { vm, stalls: own } = host.vms[v];
        STALL_CAUSES.forEach((cause, c) => {
          if (own.events[c] > 0) rows.push({ time: timeNs, vm: vm.name, cause, events: own.events[c], stall: own.ns(c) });
        });
      },
      finish: () => [
        tableOf(stallsTable, rows),
        tableOf(
          latencyTable,
          host.vms.flatMap(({ vm, rows: played, stalls: own }) => {
            const waited = [...own.rowsByNs].sort(([a], [b]) => a - b);
            const still = played - waited.reduce((sum, [, n]) => sum + n, 0);
            return [[0, still] as const, ...waited].map(([latency, n]) => ({ vm: vm.name, latency, rows: n }));
          }),
        ),
        tableOf(
          reclaimTable,
          host.vms.flatMap(({ vm, counts }) =>
            Object.entries(counts).map(([counter, value]) => ({ vm: vm.name, counter, value: Number(value) })),
          ),
        ),
      ],
    };
  },
};
