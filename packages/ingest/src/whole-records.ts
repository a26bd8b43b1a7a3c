import type { ByteWindow } from "./byte-window.ts";
import type { RowLog } from "./format.ts";

/**
 * Whole records of `size` bytes, a window at a time: `bytes.bytes[bytes.start, to)` for each `to`. Who reads them moves
 * `bytes.start` to `to`. What is left at the end is no record and is refused.
 */
export async function* wholeRecords(bytes: ByteWindow, size: number, log: RowLog): AsyncGenerator<number> {
  let records = 0;
  for (;;) {
    const whole = Math.floor((bytes.end - bytes.start) / size);
    if (whole > 0) {
      records += whole;
      log.read(whole);
      yield bytes.start + whole * size;
    }
    if (bytes.atEnd) break;
    await bytes.fill();
  }
  const left = bytes.end - bytes.start;
  if (left === 0) return;
  log.read(1);
  log.reject(records + 1, "", `is cut short: ${left} bytes of the ${size} of a record`);
}
