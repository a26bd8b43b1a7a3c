import { actionsTable, instantsTable, ledgerTable, pickTable, type Row, type Run } from "@tidemark/data/shapes";
import type { LedgerInstant } from "./ledger-instant.ts";
import { ledgerRowsOf } from "./ledger-rows.ts";
import { rowsWhere } from "./rows-where.ts";

/** One VM at one instant that was asked for, as the run's tables have it. */
export interface RecordedInstant extends Omit<LedgerInstant, "history"> {
  /** As asked: `7s`, `peak`, `end`, `mark:12`. */
  readonly asked: string;
  readonly counters: Row<typeof instantsTable.columns>;
  /** Ledger rows as recorded: by class, owner and kind. */
  readonly shares: readonly Row<typeof ledgerTable.columns>[];
}

/** Every VM and instant that the run explains, VM by VM in the run's order. */
export function recordedInstants(run: Run): readonly RecordedInstant[] {
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
