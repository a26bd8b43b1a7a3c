import { estimatesTable, tableOf, type Row } from "@tidemark/data/shapes";
import type { Observer } from "../observer.ts";

/** Every estimator's view at every sample. */
export const estimates: Observer = {
  name: "estimates",
  about: "active memory as each estimator sees it",
  create({ machine, estimatorNames }) {
    const rows: Row<typeof estimatesTable.columns>[] = [];
    return {
      sample({ vm, timeNs, estimates: read }) {
        read.forEach((estimate, e) => rows.push({ time: timeNs, vm: machine.vms[vm].name, estimator: estimatorNames[e], ...estimate }));
      },
      finish: () => [tableOf(estimatesTable, rows)],
    };
  },
};
