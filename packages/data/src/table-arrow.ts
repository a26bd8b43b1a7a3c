import { ArrowFileWriter, readArrowFile, type ArrowColumn, type ColumnArray } from "./arrow-file.ts";
import type { Columns, Table, TableSpec } from "./table.ts";

const arrowColumns = (spec: TableSpec): ArrowColumn[] =>
  Object.entries(spec.columns).map(([name, { type }]) => ({
    name,
    type: type === "text" ? "text" : type === "time" || type === "count" ? "u64" : "f64",
    nullable: type !== "text",
  }));

/** Writes a table as an Arrow IPC file; equal tables give equal bytes. */
export function writeTable(path: string, table: Table): void {
  const columns = arrowColumns(table.spec);
  const writer = new ArrowFileWriter(path, columns);
  try {
    writer.write({ length: table.length, columns: columns.map(({ name }) => table.columns[name] as ColumnArray) });
    writer.close();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Reads a whole table of a run. */
export async function readTable<C extends Columns>(path: string, spec: TableSpec<C>): Promise<Table<C>> {
  const columns = arrowColumns(spec);
  const parts: (string[] | Float64Array[])[] = columns.map(() => []);
  let length = 0;
  for await (const rows of readArrowFile(path, columns)) {
    length += rows.length;
    rows.columns.forEach((values, i) => {
      const part = parts[i] as unknown[];
      if (values instanceof Float64Array) part.push(values.slice(0, rows.length));
      else for (const word of values) part.push(word);
    });
  }
  const joined = columns.map(({ type }, i) => (type === "text" ? (parts[i] as string[]) : join(parts[i] as Float64Array[], length)));
  return { spec, length, columns: Object.fromEntries(columns.map(({ name }, i) => [name, joined[i]])) as Table<C>["columns"] };
}

function join(parts: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
