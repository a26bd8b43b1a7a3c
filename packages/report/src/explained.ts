import { actionsTable, instantsTable, ledgerTable, pickTable, rowOf, type Columns, type Row, type Run, type Table } from "@tidemark/data";
import type { LedgerInstant } from "./ledger-instant.ts";
import { ledgerRowsOf, type LedgerRow } from "./ledger-rows.ts";

/** One VM at one instant that was asked for: counters and ledger. */
export interface Explained extends LedgerInstant {
  /** As asked: `7s`, `peak`, `end`, `mark:12`. */
  readonly asked: string;
  readonly counters: Row<typeof instantsTable.columns>;
  /** Ledger rows as recorded: by class, owner and kind. */
  readonly shares: readonly Row<typeof ledgerTable.columns>[];
}

/** Rows of a table that a test of two text columns picks, without making objects of the others. */
export function rowsWhere<C extends Columns>(table: Table<C> | undefined, keep: (i: number) => boolean): Row<C>[] {
  const rows: Row<C>[] = [];
  if (table !== undefined) for (let i = 0; i < table.length; i++) if (keep(i)) rows.push(rowOf(table, i));
  return rows;
}

/** Every VM and instant that the run explains, VM by VM in the run's order. */
export function explainedInstants(run: Run): readonly Explained[] {
  const instants = pickTable(run.tables, instantsTable);
  const shares = pickTable(run.tables, ledgerTable);
  const actions = pickTable(run.tables, actionsTable);
  const stops = rowsWhere(actions, (i) => actions?.columns.action[i] === "stop");
  const place = new Map(run.manifest.vms.map(({ name }, v) => [name, v]));
  const placed = rowsWhere(instants, () => true).sort((a, b) => (place.get(a.vm) ?? 0) - (place.get(b.vm) ?? 0));
  return placed.map((counters) => {
    const own = rowsWhere(shares, (i) => shares?.columns.vm[i] === counters.vm && shares.columns.asked[i] === counters.asked);
    return {
      vm: counters.vm,
      asked: counters.asked,
      counters,
      isOff: stops.some(({ vm, time }) => vm === counters.vm && time <= counters.time),
      gapPages: counters.consumed - counters.active,
      ledger: ledgerRowsOf(own, counters.consumed, counters.remaining, run.manifest.windowNs),
      shares: own,
    };
  });
}

/** The ledger of one VM at one instant asked for; empty if the run does not explain it. The rows of the page's and the terminal's table. */
export const ledgerRows = (run: Run, vm: string, asked: string): readonly LedgerRow[] =>
  explainedInstants(run).find((each) => each.vm === vm && each.asked === asked)?.ledger ?? [];
