import type { GuestTables } from "./guest-tables.ts";
import { PPN, RECORD, UNSEEN } from "./units.ts";

/** The PPN that each entry was last seen with, kept in the records of all pages that stand for it; UNSEEN before. */
export class EntryPpns {
  readonly #tables: GuestTables;
  readonly #records: Int32Array;
  /** PPN → the entries that map it; made when it is first asked for. */
  #entriesOf: Map<number, Set<number>> | undefined;

  constructor(tables: GuestTables, records: Int32Array) {
    this.#tables = tables;
    this.#records = records;
  }

  of(entry: number): number {
    return this.#records[RECORD * entry + PPN];
  }

  set(entry: number, ppn: number): void {
    this.#entriesOf?.get(this.of(entry))?.delete(entry);
    const { nextAliasOf } = this.#tables;
    for (let page = entry; page !== -1; page = nextAliasOf[page]) this.#records[RECORD * page + PPN] = ppn;
    if (this.#entriesOf !== undefined) addTo(this.#entriesOf, ppn, entry);
  }

  /** The entries that map a PPN now. */
  entriesOf(ppn: number): readonly number[] {
    return [...((this.#entriesOf ??= this.#reverse()).get(ppn | 0) ?? [])];
  }

  #reverse(): Map<number, Set<number>> {
    const entriesOf = new Map<number, Set<number>>();
    const { entryOf } = this.#tables;
    for (let page = 0; page < entryOf.length; page++) if (entryOf[page] === page) addTo(entriesOf, this.of(page), page);
    return entriesOf;
  }
}

function addTo(entriesOf: Map<number, Set<number>>, ppn: number, entry: number): void {
  if (ppn === UNSEEN) return;
  const known = entriesOf.get(ppn);
  if (known === undefined) entriesOf.set(ppn, new Set([entry]));
  else known.add(entry);
}
