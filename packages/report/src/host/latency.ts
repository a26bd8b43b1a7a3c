import type { latencyTable, Row } from "@tidemark/data/shapes";

/** How long the accesses of a VM waited. */
export interface Latency {
  /** Rows of the trace; a row may stand for several accesses. */
  readonly rows: number;
  readonly waitedRows: number;
  /** 99 of 100 rows waited no longer; NaN without rows. */
  readonly p99Ns: number;
  readonly maxNs: number;
}

export function latencyOf(rows: readonly Row<typeof latencyTable.columns>[]): Latency {
  const sorted = rows.filter((each) => each.rows > 0).sort((a, b) => a.latency - b.latency);
  const all = sorted.reduce((sum, each) => sum + each.rows, 0);
  let seen = 0;
  let p99Ns = NaN;
  for (const { latency, rows: n } of sorted) {
    seen += n;
    if (Number.isNaN(p99Ns) && 100 * seen >= 99 * all) p99Ns = latency;
  }
  return {
    rows: all,
    waitedRows: sorted.reduce((sum, { latency, rows: n }) => sum + (latency > 0 ? n : 0), 0),
    p99Ns,
    maxNs: sorted.at(-1)?.latency ?? NaN,
  };
}
