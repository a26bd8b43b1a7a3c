import { READ } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat } from "../format.ts";
import { NO_OP, OBJECTS } from "../lacks.ts";
import { checkTime } from "../time-cell.ts";
import { wholeRecords } from "../whole-records.ts";

/** u32 clock_time in s; u64 obj_id; u32 obj_size; i64 next_access_vtime. */
const RECORD_BYTES = 24;
/** Records looked at to tell the format. */
const SNIFFED = 2048;
/** No trace has more requests. */
const REQUESTS_MAX = 2n ** 48n;
const NEVER = 2n ** 63n - 1n;

/** Requests to a cache of objects, each with the number of the next one to the same object. */
export const oracleGeneral: ByteFormat = {
  name: "oracle-general",
  about: "libCacheSim oracleGeneral: binary requests to a cache, 24 bytes each",
  source: "libCacheSim, traceReader/customizedReader/oracle/oracleGeneralBin.h",
  columns: [],
  numbersRows: true,
  order: "exact",
  lacks: [NO_OP, OBJECTS, "whole seconds: requests of one second stand at one time, in their order"],
  sniff: isOracle,
  async *read(bytes, context) {
    context.captured("accesses");
    const rows = new AccessRows();
    let row = 0;
    let empty = 0;
    for await (const to of wholeRecords(bytes, RECORD_BYTES, context)) {
      const view = new DataView(bytes.bytes.buffer, bytes.bytes.byteOffset, to);
      for (let at = bytes.start; at < to; at += RECORD_BYTES) {
        row++;
        const time = checkTime(view.getUint32(at, true) * 1e9, context.plan.timeOriginNs);
        if (typeof time === "string") {
          context.reject(row, "", `clock time ${view.getUint32(at, true)} s ${time}`);
          continue;
        }
        if (view.getUint32(at + 12, true) === 0) {
          empty++;
          continue;
        }
        if (!rows.hasRoom(1)) yield rows.take();
        rows.addObject(time, row, READ, view.getUint32(at + 8, true), view.getUint32(at + 4, true));
      }
      bytes.start = to;
      yield rows.take();
    }
    if (empty > 0) context.note(`${empty} requests of size 0 are not used, as libCacheSim leaves them out`);
  },
};

/** Whether times never go back, and every request tells the next one of its object, which is one later on. */
function isOracle(head: Uint8Array): boolean {
  const count = Math.min(SNIFFED, Math.floor(head.length / RECORD_BYTES));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let last = 0;
  for (let i = 0; i < count; i++) {
    const at = i * RECORD_BYTES;
    const time = view.getUint32(at, true);
    const next = view.getBigInt64(at + 16, true);
    if (time < last) return false;
    last = time;
    if (next === -1n || next === NEVER) continue;
    // Numbers count from 1.
    if (next <= i + 1 || next > REQUESTS_MAX) return false;
    if (next <= count && view.getBigUint64((Number(next) - 1) * RECORD_BYTES + 4, true) !== view.getBigUint64(at + 4, true)) return false;
  }
  return count > 0;
}
