import { latencyTable, reclaimTable, stallsTable, tableOf, type Row } from "@tidemark/data/shapes";
import type { HostVm } from "../host/host-vm.ts";
import { STALL_CAUSES } from "../host/stalls.ts";
import type { Observer } from "../observer.ts";

/** What VMs waited for, how long their accesses waited, and what was done to their pages; no tables where memory is never scarce. */
export const stalls: Observer = {
  name: "stalls",
  about: "waiting by cause over time, latencies of accesses, counts of every mechanism",
  create({ host, schedule: { originNs, endNs, sampleNs } }) {
    if (host === undefined) return { finish: () => [] };
    const rows: Row<typeof stallsTable.columns>[] = [];
    const add = (timeNs: number, { vm, stalls: own }: HostVm): void =>
      STALL_CAUSES.forEach((cause, c) => {
        if (own.events[c] > 0) rows.push({ time: timeNs, vm: vm.name, cause, events: own.events[c], stall: own.ns(c) });
      });
    return {
      sample: ({ vm: v, timeNs }) => add(timeNs, host.vms[v]),
      finish() {
        // What is waited for after the last sample is waited for, too.
        if ((endNs - originNs) % sampleNs !== 0) for (const each of host.vms) add(endNs, each);
        return [
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
        ];
      },
    };
  },
};
