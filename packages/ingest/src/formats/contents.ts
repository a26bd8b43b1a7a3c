import { BATCH_ROWS, NONE } from "@tidemark/data/shapes";
import type { RowKind } from "../format.ts";
import { ROW_NUMBERS, type RawContents } from "../raw-batch.ts";

/** What guest-physical pages held: a hash and a compressed size, never the bytes. */
export const contents: RowKind = {
  name: "contents",
  about: "table of page contents: hash and compressed size",
  source: "Tidemark's guest memory snapshots (tools/capture)",
  columns: [
    { name: "time", value: "time", about: "when it was read; without it the end of the trace", aliases: ["timestamp", "ts"], filled: true },
    { name: "vm", value: "word", about: "name of the VM", aliases: ["vm_name", "guest"] },
    {
      name: "ppn",
      value: "number",
      about: "guest-physical page number",
      aliases: ["gpfn", "pfn", "gfn"],
      max: 2 ** 32 - 2,
      required: true,
    },
    { name: "hash", value: "hash", about: "64-bit hash of the page, hexadecimal", aliases: ["hash64"], required: true },
    { name: "zbytes", value: "number", about: "compressed size", aliases: ["zlib1_bytes"], max: NONE - 1 },
    { name: "kind", value: "word", about: "Z: all zero", aliases: [] },
  ],
  recognises: (has) => has("hash") && has("ppn"),
  start(column, context) {
    const [time, vm, ppn, hash, zbytes, kind] = this.columns.map((spec) => column(spec.name));
    context.captured("page contents");
    if (time === undefined) context.note("contents without a time: known at the end of the trace");
    const raw: RawContents = {
      of: "contents",
      length: 0,
      vm: vm?.code ?? new Uint32Array(BATCH_ROWS),
      row: ROW_NUMBERS,
      origin: { lineOf: (row) => row, textOf: () => "" },
      ppn: ppn?.lo ?? new Uint32Array(0),
      timeNs: time?.time ?? new Float64Array(BATCH_ROWS).fill(NaN),
      hash: new BigUint64Array(BATCH_ROWS),
      zbytes: new Uint32Array(BATCH_ROWS).fill(NONE),
    };
    const halves = new Uint32Array(raw.hash.buffer);
    return {
      *take(cells) {
        const zero = kind?.words.codeOf("Z");
        raw.length = cells.length;
        raw.origin = cells;
        for (let i = 0; i < cells.length; i++) {
          const isZero = kind !== undefined && kind.code[i] === zero;
          halves[2 * i] = isZero ? 0 : (hash?.lo[i] ?? 0);
          halves[2 * i + 1] = isZero ? 0 : (hash?.hi[i] ?? 0);
          if (zbytes !== undefined) raw.zbytes[i] = zbytes.missing[i] === 1 ? NONE : zbytes.lo[i];
        }
        yield raw;
      },
    };
  },
};
