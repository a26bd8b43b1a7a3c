import { pickTable, tableOf, tableSpec, timelineTable, type Columns, type Row, type Run, type Table } from "@tidemark/data/shapes";
import { rowsWhere } from "./rows-where.ts";

const { time, vm } = timelineTable.columns;
const columns = {
  time,
  vm,
  marker: { type: "number", unit: "", about: "its number; what that means only the workload knows" },
  sampled: { type: "number", unit: "ns", about: "the last sample at or before it, of which the memory is" },
  consumed: { type: "number", unit: "pages", about: "machine memory charged to the VM" },
  active: { type: "number", unit: "pages", about: "true active memory" },
  gap: { type: "number", unit: "pages", about: "consumed − active" },
} as const satisfies Columns;

const markersTable = tableSpec({ name: "markers", about: "the workloads' markers, and the memory of their VMs at each", columns });

export type MarkerRow = Row<typeof columns>;

/** The workloads' markers in the order of their times, each with its VM's memory at the last sample at or before it; NaN where there is none. */
export function markerRows({ manifest, tables }: Run): Table<typeof columns> {
  const timeline = pickTable(tables, timelineTable);
  const rows = manifest.vms.flatMap(({ name }) => {
    const samples = rowsWhere(timeline, (i) => timeline?.columns.vm[i] === name);
    const markers = manifest.markers.filter((marker) => marker.vm === name).sort((a, b) => a.timeNs - b.timeNs);
    let next = 0;
    return markers.map(({ timeNs, id }): MarkerRow => {
      while ((samples[next]?.time ?? Infinity) <= timeNs) next++;
      const sample = samples[next - 1];
      const [used, touched] = [sample?.consumed ?? NaN, sample?.active ?? NaN];
      return { time: timeNs, vm: name, marker: id, sampled: sample?.time ?? NaN, consumed: used, active: touched, gap: used - touched };
    });
  });
  return tableOf(
    markersTable,
    rows.sort((a, b) => a.time - b.time),
  );
}
