import { BATCH_ROWS, NONE, READ, WRITE } from "@tidemark/data/shapes";
import type { RowKind } from "../format.ts";
import { OBJECTS, NO_TIME, NO_OP } from "../lacks.ts";
import { rawAccesses, ROW_NUMBERS, type RawAccesses } from "../raw-batch.ts";

/** Operations of caches, and the SCSI commands 28 and 88 (read), 2a and 8a (write) that block traces have. */
const OPS = new Map([
  ...["get", "gets", "read", "r", "head", "28", "88"].map((word) => [word, READ] as const),
  ...["set", "add", "cas", "replace", "append", "prepend", "delete", "incr", "decr", "put", "update", "write", "w", "2a", "8a"].map(
    (word) => [word, WRITE] as const,
  ),
]);

/** Requests to a cache of objects, in the columns that libCacheSim reads from CSV. */
export const cacheRequests: RowKind = {
  name: "cache-requests",
  about: "table of requests to a cache: time in s and object id, as libCacheSim reads them from CSV",
  source: "libCacheSim, traceReader/generalReader/csv.c, and its data/cloudPhysicsIO.csv",
  order: "exact",
  lacks: [OBJECTS],
  columns: [
    {
      name: "time",
      value: "time",
      unit: "s",
      about: "when, in s unless its name says otherwise",
      aliases: ["timestamp", "ts", "clock_time", "real_time"],
      filled: true,
    },
    {
      name: "object",
      value: "number",
      about: "id of the object; block traces: its block number",
      aliases: ["obj_id", "obj-id", "object_id", "objid", "lbn", "lba"],
      required: true,
    },
    { name: "op", value: "word", about: "get, set, delete …, read, write; SCSI 28, 88, 2a, 8a", aliases: ["operation"], words: OPS },
    { name: "bytes", value: "number", about: "size of the object; not used", aliases: ["obj_size", "obj-size", "object_size", "size"] },
  ],
  recognises: (has) => has("object"),
  start(column, context) {
    const [time, object, op] = ["time", "object", "op"].map(column);
    context.captured("accesses");
    if (time === undefined) context.synthesised(NO_TIME);
    if (op === undefined) context.synthesised(NO_OP);
    const raw: RawAccesses = rawAccesses(BATCH_ROWS);
    raw.row = ROW_NUMBERS;
    raw.ppn.fill(NONE);
    raw.count.fill(1);
    const spaces = new Float64Array(BATCH_ROWS);
    let namesSpaces = false;
    let rows = 0;
    return {
      *take(cells) {
        const { length } = cells;
        raw.length = length;
        raw.origin = cells;
        for (let i = 0; i < length; i++) {
          raw.timeNs[i] = time === undefined ? rows++ : time.time[i];
          const hi = object?.hi[i] ?? 0;
          raw.vpnLo[i] = object?.lo[i] ?? 0;
          raw.vpnHi[i] = hi & 0xf_ffff;
          spaces[i] = hi >>> 20;
          if (spaces[i] !== 0) namesSpaces = true;
          raw.kind[i] = op === undefined || op.missing[i] === 1 ? READ : op.code[i];
        }
        raw.space = namesSpaces ? spaces : undefined;
        yield raw;
      },
    };
  },
};
