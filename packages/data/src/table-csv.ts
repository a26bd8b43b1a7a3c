import type { Table } from "./table.ts";

/**
 * A table as CSV (RFC 4180): header, then one line per row; unknown numbers are empty. Text that a spreadsheet would take for a formula
 * stands behind an apostrophe, and so does text that begins with one: without its first apostrophe, text is what it was.
 */
export function toCsv(table: Table): string {
  const names = Object.keys(table.spec.columns);
  const lines = [names.join(",")];
  for (let i = 0; i < table.length; i++) lines.push(names.map((name) => field(table.columns[name]?.[i])).join(","));
  return `${lines.join("\n")}\n`;
}

/** How text begins that spreadsheets run (OWASP, CSV Injection), or that we have marked. */
const RUNS = /^[=+\-@\t\r\n']/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

function field(value: string | number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  const text = RUNS.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
