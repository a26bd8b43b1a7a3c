/** Rows of a drawing as a page holds them: column by column, which deflates better; as they are where they differ in their keys. */
export type PackedRows = { readonly columns: { readonly [key: string]: readonly unknown[] } } | { readonly rows: readonly unknown[] };

export function packedRows(rows: readonly unknown[]): PackedRows {
  const keysOf = (row: unknown): string => (typeof row === "object" && row !== null ? Object.keys(row).join() : "");
  const [first] = rows;
  const keys = keysOf(first);
  if (keys === "" || rows.some((row) => keysOf(row) !== keys)) return { rows };
  return { columns: Object.fromEntries(Object.keys(Object(first)).map((key) => [key, rows.map((row) => Object(row)[key])])) };
}

/** New rows each time: whoever draws them may write on them. */
export function unpackedRows(packed: PackedRows): unknown[] {
  if ("rows" in packed) return structuredClone([...packed.rows]);
  const columns = Object.entries(packed.columns);
  return Array.from({ length: columns[0]?.[1].length ?? 0 }, (_, i) => Object.fromEntries(columns.map(([key, cells]) => [key, cells[i]])));
}
