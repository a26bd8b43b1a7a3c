import { firstLine, projectedRows, wholeRows } from "../csv-rows.ts";
import { headerFields } from "../delimiter.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import { headerLine, quoted, type MappedColumn, type MeasuredReading, type MeasuredSamples } from "../measured-samples.ts";
import { parseTimeCell } from "../time-cell.ts";
import { isUsage, USAGE_UNIT, vsphereCounter } from "../vsphere-counters.ts";

/** Names of the time column; what stands behind `_` is the unit of a time that is a number. */
const TIME = /^(?:t|time|timestamp|date|datetime)(?:_(ns|us|ms|s))?$/i;
const NS_PER = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 } as const;

/** A CSV with one time column and one column per `mem.*` counter of one VM, or with `vm` of several; or with columns that were said to be these. */
export const counterTable: MeasuredFormat = {
  name: "counter-table",
  about: "a CSV with a time column and vSphere counters as columns, e.g. t_s,mem.active,mem.consumed; a column vm for several VMs",
  source: "vSphere performance counters (vim.PerformanceManager); the layout is ours",
  sniff(head) {
    const { header } = headerOf(headerLine(head), NOTHING_MAPPED);
    return header.some((name) => TIME.test(name)) && header.some((name) => isOurs(name));
  },
  async read(bytes, samples) {
    const { columns } = samples.reading;
    const first = await firstLine(bytes);
    if (first === undefined) throw samples.refuse(1, "has no header");
    const { header, delimiter } = headerOf(first.text, columns);
    const known = header.flatMap((name, column) => {
      const what = columnOf(name, columns);
      return what === undefined ? [] : [{ name, column, ...what }];
    });
    const missing = [...columns.keys()].find((name) => !header.includes(name));
    if (missing !== undefined) samples.refuse(first.line, `has no column ${quoted(missing)}; it has ${quoted(header.join(", "))}`);
    const twice = known.find(({ name, is }, i) => known.findIndex((other) => other.name === name || other.is === is) !== i);
    if (twice !== undefined) samples.refuse(first.line, `column ${quoted(twice.name)} is there twice`);
    const cellOf = (is: Known["is"]): number => known.findIndex((each) => each.is === is);
    const [timeCell, vmCell] = [cellOf("time"), cellOf("vm")];
    if (timeCell < 0) samples.refuse(first.line, "has no time column");
    const unit = TIME.exec(known[timeCell]?.name ?? "")?.[1]?.toLowerCase();
    const rows = projectedRows(
      bytes,
      first.line,
      delimiter.charCodeAt(0),
      known.map(({ column }) => column),
    );
    for await (const { line, cells } of wholeRows(rows, header.length, samples)) {
      const timeMs = timeOf(samples, line, cells[timeCell] ?? "", unit);
      const vm = vmCell < 0 ? samples.vm : (cells[vmCell] ?? "");
      known.forEach(({ is, unitPages }, cell) => {
        if (is !== "time" && is !== "vm") samples.put(line, vm, timeMs, is, samples.pagesOf(line, cells[cell] ?? "", unitPages));
      });
    }
  },
};

/** What a column is, and the pages per unit of a counter. */
interface Known {
  readonly is: MappedColumn["is"] | "usage";
  readonly unitPages: number;
}

const NOTHING_MAPPED: MeasuredReading["columns"] = new Map();

/** As was said; else by its name. */
function columnOf(name: string, columns: MeasuredReading["columns"]): Known | undefined {
  const mapped = columns.get(name);
  if (mapped !== undefined) return mapped;
  const counter = vsphereCounter(name);
  if (counter !== undefined) return { is: counter.counter, unitPages: counter.unitPages };
  if (isUsage(name)) return { is: "usage", unitPages: USAGE_UNIT };
  const isSaid = (is: string): boolean => [...columns.values()].some((each) => each.is === is);
  if (name === "vm" && !isSaid("vm")) return { is: "vm", unitPages: 0 };
  return TIME.test(name) && !isSaid("time") ? { is: "time", unitPages: 0 } : undefined;
}

/** A time that is a number is on a clock of its own, unless it counts from 1970. */
function timeOf(samples: MeasuredSamples, line: number, text: string, unit: string | undefined): number {
  if (unit === undefined) return samples.timeOf(line, text);
  const ns = parseTimeCell(text, NS_PER[unit as keyof typeof NS_PER], 0); // TIME matches no other unit
  if (typeof ns === "string") return samples.refuse(line, `time ${quoted(text)} ${ns}`);
  samples.isOwnClock = true;
  return ns / 1e6;
}

const isOurs = (name: string): boolean => vsphereCounter(name) !== undefined || isUsage(name);

const headerOf = (line: string, columns: MeasuredReading["columns"]) =>
  headerFields(line, (name) => TIME.test(name) || isOurs(name) || columns.has(name));
