import { hostTable, tableOf, type Row } from "@tidemark/data/shapes";
import { STATE_RULES } from "../host/memory-state.ts";
import { freePages } from "../machine.ts";
import type { Observer } from "../observer.ts";

/** Free memory and the host's state at every sample; no table where memory is never scarce. */
export const host: Observer = {
  name: "host",
  about: "state, free memory and thresholds of the host, and who has its frames",
  create({ machine, host: contended }) {
    const rows: Row<typeof hostTable.columns>[] = [];
    if (contended === undefined) return { finish: () => [] };
    const { thresholds, shared } = contended;
    const [, clear, soft, hard, low] = thresholds.enterBelow;
    return {
      sample({ vm, timeNs }) {
        if (vm > 0) return;
        const free = freePages(machine);
        const { intra, inter } = shared.composition();
        rows.push({
          time: timeNs,
          state: STATE_RULES[contended.state].name,
          free,
          machine: machine.sizePages,
          granted: machine.vms.reduce((sum, { grantedPages }) => sum + grantedPages, 0),
          consumed: machine.sizePages - free - machine.overheadPages - machine.zipCachePages,
          sharedCommon: shared.table.sharedPages,
          sharedIntra: intra,
          sharedInter: inter,
          zipCache: machine.zipCachePages,
          overhead: machine.overheadPages,
          minFree: thresholds.minFreePages,
          clear: clear ?? 0,
          soft: soft ?? 0,
          hard: hard ?? 0,
          low: low ?? 0,
        });
      },
      finish: () => [tableOf(hostTable, rows)],
    };
  },
};
