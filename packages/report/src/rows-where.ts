import { rowOf, type Columns, type Row, type Table } from "@tidemark/data/shapes";

/** Rows of a table that a test of two text columns picks, without making objects of the others. */
export function rowsWhere<C extends Columns>(table: Table<C> | undefined, keep: (i: number) => boolean): Row<C>[] {
  const rows: Row<C>[] = [];
  if (table !== undefined) for (let i = 0; i < table.length; i++) if (keep(i)) rows.push(rowOf(table, i));
  return rows;
}
