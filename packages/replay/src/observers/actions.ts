import { actionsTable, tableOf } from "@tidemark/data/shapes";
import type { Observer } from "../observer.ts";

/** Every change of state and decision of the host; no table where memory is never scarce. */
export const actions: Observer = {
  name: "actions",
  about: "what the host decided, for which VM, and why",
  create: ({ host }) => ({
    finish: () =>
      host === undefined
        ? []
        : [
            tableOf(
              actionsTable,
              host.actions.rows.map(({ timeNs, kind, vm, pages, reason }) => ({ time: timeNs, vm, action: kind, pages, reason })),
            ),
          ],
  }),
};
