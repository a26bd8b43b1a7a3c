import type { Table } from "./table.ts";

/** A table as CSV (RFC 4180): header, then one line per row; unknown numbers are empty. */
export function toCsv(table: Table): string {
  const names = Object.keys(table.spec.columns);
  const lines = [names.join(",")];
  for (let i = 0; i < table.length; i++) lines.push(names.map((name) => field(table.columns[name]?.[i])).join(","));
  return `${lines.join("\n")}\n`;
}

function field(value: string | number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "";
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
