import { BATCH_ROWS, MARK } from "@tidemark/data/shapes";
import type { RowKind } from "../format.ts";
import { unknownGuest } from "../raw-batch.ts";

/** Phase boundaries that a workload wrote down: nothing but a time and a number. They are guest events of kind mark. */
export const markers: RowKind = {
  name: "markers",
  about: "table of workload markers: a time and a number",
  source: "Tidemark's captures (phase boundaries of a workload)",
  columns: [
    { name: "time", value: "time", about: "when", aliases: ["timestamp", "ts"], required: true },
    { name: "vm", value: "word", about: "name of the VM", aliases: ["vm_name", "guest"] },
    { name: "marker", value: "number", about: "number of the marker", aliases: ["mark"], max: 2 ** 53 - 1, required: true },
  ],
  recognises: (has) => has("time") && has("marker"),
  start(column, context) {
    const [time, vm, marker] = this.columns.map((spec) => column(spec.name));
    context.captured("workload markers");
    const raw = unknownGuest(BATCH_ROWS);
    raw.kind.fill(MARK);
    return {
      *take(cells) {
        raw.length = cells.length;
        raw.origin = cells;
        for (let i = 0; i < cells.length; i++) {
          raw.timeNs[i] = time?.time[i] ?? 0;
          raw.vm[i] = vm?.code[i] ?? 0;
          raw.value[i] = (marker?.hi[i] ?? 0) * 2 ** 32 + (marker?.lo[i] ?? 0);
          raw.row[i] = i;
        }
        yield raw;
      },
    };
  },
};
