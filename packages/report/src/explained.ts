import {
  actionsTable,
  formatPages,
  instantsTable,
  LEDGER_CLASSES,
  ledgerTable,
  pickTable,
  rowOf,
  type Columns,
  type LedgerClass,
  type Row,
  type Run,
  type Table,
} from "@tidemark/data";
import { classMeaning, classWords } from "./class-words.ts";

/** One class of the ledger at an explained instant. Pages; NaN is "not known". */
export interface LedgerRow {
  readonly class: LedgerClass;
  /** The class in words: `freed by the guest, still backed`. */
  readonly words: string;
  readonly meaning: string;
  readonly pages: number;
  /** The same in binary units: `129.2 MiB`. */
  readonly size: string;
  /** 0–100; NaN where nothing is consumed. */
  readonly percentOfConsumed: number;
  readonly returns: number;
  readonly notSeenAgain: number;
}

/** One VM at one instant that was asked for: counters and ledger. */
export interface Explained {
  readonly vm: string;
  /** As asked: `7s`, `peak`, `end`, `mark:12`. */
  readonly asked: string;
  readonly counters: Row<typeof instantsTable.columns>;
  /** It was powered off before, or is now. */
  readonly isOff: boolean;
  /** consumed − active, pages. */
  readonly gapPages: number;
  /** Every class in ledger order, active first; the rest sum to the gap. */
  readonly ledger: readonly LedgerRow[];
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
      ledger: LEDGER_CLASSES.map((cls) => ledgerRow(cls, own, counters, run.manifest.windowNs)),
      shares: own,
    };
  });
}

/** The ledger of one VM at one instant asked for; empty if the run does not explain it. The rows of the page's and the terminal's table. */
export const ledgerRows = (run: Run, vm: string, asked: string): readonly LedgerRow[] =>
  explainedInstants(run).find((each) => each.vm === vm && each.asked === asked)?.ledger ?? [];

function ledgerRow(
  cls: LedgerClass,
  shares: readonly Row<typeof ledgerTable.columns>[],
  { consumed, remaining }: Explained["counters"],
  windowNs: number,
): LedgerRow {
  const own = shares.filter((share) => share.class === cls);
  const sum = (of: "pages" | "returns" | "notSeenAgain"): number => own.reduce((total, share) => total + share[of], 0);
  const pages = sum("pages");
  const splits = cls.startsWith("idle") && remaining >= windowNs;
  return {
    class: cls,
    words: classWords(cls, windowNs),
    meaning: classMeaning(cls),
    pages,
    size: formatPages(pages),
    percentOfConsumed: consumed > 0 ? (pages / consumed) * 100 : NaN,
    returns: splits ? sum("returns") : NaN,
    notSeenAgain: splits ? sum("notSeenAgain") : NaN,
  };
}
