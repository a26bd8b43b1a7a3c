import { ALLOC, BATCH_ROWS, FREE, NONE, UNKNOWN } from "@tidemark/data/shapes";
import type { CellColumn } from "../cell-column.ts";
import type { RowKind } from "../format.ts";
import { unknownGuest } from "../raw-batch.ts";

const EVENTS = new Map([
  ["alloc", ALLOC],
  ["free", FREE],
  ["mm_page_alloc", ALLOC],
  ["mm_page_free", FREE],
]);

/** The guest kernel's page allocator: blocks of 2^order pages given out and taken back. */
export const allocations: RowKind = {
  name: "allocations",
  about: "table of the guest's page allocations and frees",
  source: "Linux tracepoints kmem:mm_page_alloc and kmem:mm_page_free",
  columns: [
    { name: "time", value: "time", about: "when", aliases: ["timestamp", "ts"], required: true },
    { name: "vm", value: "word", about: "name of the VM", aliases: ["vm_name", "guest"] },
    { name: "vcpu", value: "number", about: "virtual CPU", aliases: [], max: 255 },
    { name: "event", value: "word", about: "alloc or free", aliases: [], words: EVENTS, required: true },
    {
      name: "ppn",
      value: "number",
      about: "first guest-physical page number",
      aliases: ["gpfn", "pfn", "gfn"],
      max: 2 ** 32 - 2,
      required: true,
    },
    { name: "order", value: "number", about: "2^order pages; 0 where it is not given", aliases: [], max: 30 },
    { name: "pid", value: "number", about: "process that allocates", aliases: [], max: NONE - 1 },
    { name: "gfp", value: "number", about: "allocation flags", aliases: ["gfp_flags"], max: NONE - 1 },
    { name: "migratetype", value: "number", about: "kernel's kind of page block", aliases: [], max: 254 },
  ],
  recognises: (has) => has("event") && has("ppn"),
  start(column, context) {
    const [time, vm, vcpu, event, ppn, order, pid, gfp, migratetype] = this.columns.map((spec) => column(spec.name));
    context.captured("allocator events");
    const raw = unknownGuest(BATCH_ROWS);
    return {
      *take(cells) {
        const { length } = cells;
        raw.length = 0;
        raw.origin = cells;
        for (let i = 0; i < length; i++) {
          const at = raw.length;
          const first = ppn?.lo[i] ?? NONE;
          const pages = 2 ** numberOr(order, i, 0);
          if (first + pages > NONE) {
            context.reject(
              cells.lineOf(i),
              cells.textOf(i),
              `column ${ppn?.header}: ${pages} pages from ${first} go beyond the last page number`,
            );
            continue;
          }
          raw.timeNs[at] = time?.time[i] ?? 0;
          raw.vm[at] = vm?.code[i] ?? 0;
          raw.vcpu[at] = numberOr(vcpu, i, 0);
          raw.kind[at] = event?.code[i] ?? ALLOC;
          raw.ppn[at] = first;
          raw.count[at] = pages;
          raw.pid[at] = numberOr(pid, i, NONE);
          raw.gfp[at] = numberOr(gfp, i, NONE);
          raw.migratetype[at] = numberOr(migratetype, i, UNKNOWN);
          raw.row[at] = i;
          raw.length++;
        }
        yield raw;
      },
    };
  },
};

const numberOr = (column: CellColumn | undefined, row: number, none: number): number =>
  column === undefined || column.missing[row] === 1 ? none : column.lo[row];
