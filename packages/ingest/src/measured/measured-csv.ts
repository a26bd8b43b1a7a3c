import { MEASURED_COUNTERS, type MeasuredCounter } from "@tidemark/data/shapes";
import { firstLine, projectedRows, wholeRows } from "../csv-rows.ts";
import { parseDecimal } from "../decimal-text.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import { headerLine, quoted, type MeasuredSamples } from "../measured-samples.ts";
import { parseTimeCell } from "../time-cell.ts";

const COMMA = 44;
const NS_PER_MS = 1e6;

/** What `tidemark measured -o NAME.csv` writes: `time,vm` and the columns of our table, of which some may have been taken out since. */
export const measuredCsv: MeasuredFormat = {
  name: "measured-csv",
  about: "the table that tidemark measured -o NAME.csv writes: time,vm,configured,… in ns and pages",
  source: "ours: table measured (docs/reference/tables.md)",
  sniff: (head) => countersOf(headerLine(head)) !== undefined,
  async read(bytes, samples) {
    const first = await firstLine(bytes);
    const counters = countersOf(first?.text ?? "");
    if (first === undefined || counters === undefined) throw samples.refuse(first?.line ?? 1, "has not the header of a table of ours");
    const twice = counters.find((counter, i) => counters.indexOf(counter) !== i);
    if (twice !== undefined) samples.refuse(first.line, `column ${quoted(twice)} is there twice`);
    samples.isOwnClock = true;
    const all = ["time", "vm", ...counters];
    const rows = projectedRows(
      bytes,
      first.line,
      COMMA,
      all.map((_, column) => column),
    );
    for await (const { line, cells } of wholeRows(rows, all.length, samples)) {
      const [time = "", vm = "", ...values] = cells;
      const ns = parseTimeCell(time, 1, 0);
      if (typeof ns === "string") throw samples.refuse(line, `time ${quoted(time)} ${ns}`);
      counters.forEach((counter, c) => samples.put(line, plainName(vm), ns / NS_PER_MS, counter, pagesOf(samples, line, values[c] ?? "")));
    }
  },
};

/** The counters that a header of ours names behind `time,vm`; undefined where it is another's. */
function countersOf(header: string): readonly MeasuredCounter[] | undefined {
  const [time, vm, ...names] = header.trim().split(",");
  const counters = names.flatMap((name) => MEASURED_COUNTERS.filter((counter) => counter === name));
  return time === "time" && vm === "vm" && counters.length > 0 && counters.length === names.length ? counters : undefined;
}

/** A name without the apostrophe that keeps spreadsheets from running it. */
const plainName = (cell: string): string => cell.replace(/^'/, "");

/** Empty where it is not known; always with a decimal point, as it was written. */
function pagesOf(samples: MeasuredSamples, line: number, cell: string): number {
  if (cell === "") return NaN;
  const value = parseDecimal(cell, "point");
  if (typeof value === "string") return samples.refuse(line, `${quoted(cell)} ${value}`);
  return value < 0 ? samples.refuse(line, `${quoted(cell)} is negative`) : value;
}
