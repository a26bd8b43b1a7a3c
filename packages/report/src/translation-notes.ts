import type { Run } from "@tidemark/data/shapes";

/** What holds of every figure in cycles. */
export const COST_NOTE =
  "What happened is counted, access by access; what it costs is assumed: the scenario's costs, to be replaced by one's own machine's.";

/** Where the order of accesses is not known to be the real one, what that does to TLB figures; "" where it is. */
export function orderNote({ manifest: { vms } }: Run): string {
  if (vms.every(({ order }) => order === "exact")) return "";
  const which = vms.every(({ order }) => order !== "exact") ? "The trace is" : "Some of the traces are";
  return ` ${which} not declared to be in exact order: where rows fold the accesses of a window, misses come out too few, and page-table writes of user programs are not counted.`;
}
