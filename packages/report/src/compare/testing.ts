import { caseParametersTable, casesTable, differencesTable, tableOf, type Row, type Table } from "@tidemark/data/shapes";

const MEMORY = ["256MiB", "192MiB", "128MiB"];
const POLICIES = ["random", "lru"];
const SPAN_NS = 7e9;

/** A comparison of three host sizes under two policies, as a replay would give it, made from a formula. LRU waits less, but for the smallest host. */
export function exampleComparison(vms: readonly string[]): readonly Table[] {
  const cases: Row<typeof casesTable.columns>[] = [];
  const parameters: Row<typeof caseParametersTable.columns>[] = [];
  const differences: Row<typeof differencesTable.columns>[] = [];
  MEMORY.forEach((memory, m) =>
    POLICIES.forEach((policy, p) => {
      const name = `host.memory=${memory} swap.policy=${policy}`;
      parameters.push({ case: name, parameter: "host.memory", value: memory }, { case: name, parameter: "swap.policy", value: policy });
      const rows = vms.map((vm, v): Row<typeof differencesTable.columns> => {
        const saved = m * 7_000 + p * 40 - v * 100 * m;
        const stall = 1e7 + m ** 3 * 4e7 * (p === 0 ? 1 : m === 2 ? 1.2 : 0.4) * (1 + v) - p * 5e6;
        return {
          case: name,
          vm,
          span: SPAN_NS,
          consumed: 30_000 - saved,
          saved,
          stall,
          stallMore: stall - 1e7,
          swapin: m * 900,
          swapinMore: m * 900,
          cycles: NaN,
          cyclesMore: NaN,
          activeError: 12,
          activeErrorMore: m,
        };
      });
      differences.push(...rows);
      const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
      cases.push({
        case: name,
        role: m + p === 0 ? "baseline" : "",
        failed: "",
        machine: Number.parseInt(memory) * 256,
        span: SPAN_NS,
        consumed: sum((row) => row.consumed),
        saved: sum((row) => row.saved),
        stall: sum((row) => row.stall),
        swapin: sum((row) => row.swapin),
        dominated: p === 0 && m < 2 ? `host.memory=${memory} swap.policy=lru` : "",
      });
    }),
  );
  return [tableOf(casesTable, cases), tableOf(caseParametersTable, parameters), tableOf(differencesTable, differences)];
}
