import { firstLine, projectedRows, wholeRows } from "../csv-rows.ts";
import { headerFields } from "../delimiter.ts";
import type { MeasuredFormat } from "../measured-format.ts";
import { headerLine, quoted } from "../measured-samples.ts";
import { isUsage, vsphereCounter } from "../vsphere-counters.ts";

const COLUMNS = ["Value", "Timestamp", "MetricId", "Entity"] as const;
const WANTED = [...COLUMNS, "Instance", "EntityId"] as const;
const KNOWN: ReadonlySet<string> = new Set([
  "Value",
  "Timestamp",
  "MetricId",
  "Unit",
  "Description",
  "Entity",
  "EntityId",
  "IntervalSecs",
  "Instance",
]);
/** PowerCLI gives percentages as such, where the API gives hundredths. */
const PER_CENT = 1e-2;

/** `Get-Stat … | Export-Csv`: a row per counter and instant, written as the locale of the machine has it. */
export const powercli: MeasuredFormat = {
  name: "powercli",
  about: "Get-Stat | Export-Csv of VMware PowerCLI: one row per counter and instant (Value, Timestamp, MetricId, Entity …)",
  source: "VMware PowerCLI, Get-Stat",
  sniff(head) {
    const { header } = headerOf(headerLine(head));
    return COLUMNS.every((name) => header.includes(name));
  },
  async read(bytes, samples) {
    const first = await firstLine(bytes);
    if (first === undefined) throw samples.refuse(1, "has no header");
    const { header, delimiter } = headerOf(first.text);
    const twice = header.find((name, i) => KNOWN.has(name) && header.indexOf(name) !== i);
    if (twice !== undefined) samples.refuse(first.line, `column ${quoted(twice)} is there twice`);
    const wanted = WANTED.map((name) => ({ name, column: header.indexOf(name) }))
      .filter(({ column }) => column >= 0)
      .sort((a, b) => a.column - b.column);
    const [value, timestamp, metric, entity, instance, entityId] = WANTED.map((name) => wanted.findIndex((each) => each.name === name));
    const rows = projectedRows(
      bytes,
      first.line,
      delimiter.charCodeAt(0),
      wanted.map(({ column }) => column),
    );
    for await (const { line, cells } of wholeRows(rows, header.length, samples)) {
      const cellOf = (cell: number | undefined): string => cells[cell ?? -1] ?? "";
      if (cellOf(instance) !== "") continue;
      const name = cellOf(metric);
      const counter = vsphereCounter(name);
      if (counter === undefined && !isUsage(name)) continue;
      if (cellOf(entityId).startsWith("HostSystem-")) samples.nameHost(cellOf(entity));
      const timeMs = samples.timeOf(line, cellOf(timestamp));
      const pages = samples.pagesOf(line, cellOf(value), counter?.unitPages ?? PER_CENT);
      samples.put(line, cellOf(entity), timeMs, counter?.counter ?? "usage", pages);
    }
  },
};

const headerOf = (line: string) => headerFields(line, (name) => KNOWN.has(name));
