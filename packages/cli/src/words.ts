import { roundTime } from "@tidemark/data/shapes";
import type { IngestSummary } from "@tidemark/ingest";
import { visibleLine } from "./visible-text.ts";

/** Whole numbers for people: 56,275; −0.5 is 0. */
export const whole = (n: number): string => (Math.round(n) + 0).toLocaleString("en-US").replace("-", "−");

/** `66.6 %`, with as many digits; −0.0 is 0.0. */
export function percentText(n: number, digits: number): string {
  const size = Math.abs(n).toFixed(digits);
  return `${n < 0 && Number(size) !== 0 ? "−" : ""}${size} %`;
}

/** A count with its noun: "1 row", "2 rows". */
export const counted = (n: number, noun: string): string => `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Bytes of a file for people. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;
}

/** What an ingest did, in lines: nothing is dropped silently. */
export function describeSummary(summary: IngestSummary): string {
  const span =
    summary.firstNs === null || summary.lastNs === null ? "no accesses" : `${roundTime(summary.firstNs)} to ${roundTime(summary.lastNs)}`;
  const lines = [
    `${counted(summary.rowsRead, "row")} read, ${whole(summary.accepted)} accepted, ${whole(summary.rejected)} rejected; ` +
      `${whole(summary.accesses)} ${summary.accesses === 1 ? "access" : "accesses"} to ${whole(summary.virtualPages)} virtual and ${counted(summary.guestPhysicalPages, "guest-physical page")}, ${span}`,
  ];
  for (const source of summary.sources) for (const note of source.notes) lines.push(`  ${source.name}: ${note}`);
  if (summary.rejectedFile !== undefined) lines.push(`  rejected rows are in ${summary.rejectedFile}`);
  return lines.join("\n");
}

/** Columns of text: those named in `left` stand at their left, the others, of numbers as a rule, at their right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const all = [header, ...rows].map((row) => row.map(visibleLine));
  const widths = header.map((_, c) => Math.max(...all.map((row) => row[c]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, c) => (left.includes(c) ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
