/** A column as the reader of a CSV, an axis title or the docs should see it. */
export interface Column {
  /** time: whole ns. count: whole number ≥ 0. number: fractions and negatives too. text: from a small set of words. */
  readonly type: "time" | "count" | "number" | "text";
  readonly unit: string;
  readonly about: string;
}
export type Columns = { readonly [name: string]: Column };

/** A table declared once: row type, Arrow schema, CSV header, axis titles and docs come from here. */
export interface TableSpec<C extends Columns = Columns> {
  readonly name: string;
  readonly about: string;
  readonly columns: C;
}
/** In memory NaN is "not known" in number columns, "" in text columns. */
export type Cells<C extends Column> = C["type"] extends "text" ? readonly string[] : Readonly<Float64Array>;
export type Cell<C extends Column> = C["type"] extends "text" ? string : number;
export type Row<C extends Columns> = { readonly [K in keyof C]: Cell<C[K]> };

/** Results, column by column, tied to the declaration that explains them. */
export interface Table<C extends Columns = Columns> {
  readonly spec: TableSpec<C>;
  readonly length: number;
  readonly columns: { readonly [K in keyof C]: Cells<C[K]> };
}

export const tableSpec = <const C extends Columns>(spec: TableSpec<C>): TableSpec<C> => spec;

/** Rows → a table. For results of modest size; what is read back from a run folder is the same shape. */
export function tableOf<C extends Columns>(spec: TableSpec<C>, rows: readonly Row<C>[]): Table<C> {
  const columns: Record<string, readonly string[] | Float64Array> = {};
  for (const [name, column] of Object.entries(spec.columns)) {
    columns[name] = column.type === "text" ? rows.map((row) => String(row[name])) : Float64Array.from(rows, (row) => Number(row[name]));
  }
  return { spec, length: rows.length, columns: columns as Table<C>["columns"] }; // the one cast: built from the spec
}

/** The table of `spec` among `tables`, if the run has it. */
export function pickTable<C extends Columns>(tables: readonly Table[], spec: TableSpec<C>): Table<C> | undefined {
  return tables.find((table) => table.spec.name === spec.name) as Table<C> | undefined; // a spec's name is unique (tested)
}

/** Row `i` of a table as an object. For small tables and the page; hot code reads columns. */
export function rowOf<C extends Columns>(table: Table<C>, i: number): Row<C> {
  const row: Record<string, string | number | undefined> = {};
  for (const name of Object.keys(table.spec.columns)) row[name] = table.columns[name]?.[i];
  return row as Row<C>; // its keys are the spec's
}

/** The rows of a table as objects. */
export const rowsOf = <C extends Columns>(table: Table<C>): Row<C>[] => Array.from({ length: table.length }, (_, i) => rowOf(table, i));
