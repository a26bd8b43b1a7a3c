import type { ByteWindow } from "./byte-window.ts";

const LF = 10;

/**
 * Whole lines of a text, a window at a time: `bytes.bytes[bytes.start, to)` for each `to`, the last byte a line feed. Who
 * reads them moves `bytes.start` to `to`.
 */
export async function* wholeLines(bytes: ByteWindow): AsyncGenerator<number> {
  if (bytes.bytes[bytes.start] === 0xef && bytes.bytes[bytes.start + 1] === 0xbb && bytes.bytes[bytes.start + 2] === 0xbf) bytes.start += 3;
  for (;;) {
    if (bytes.atEnd && bytes.end > bytes.start && bytes.bytes[bytes.end - 1] !== LF) bytes.bytes[bytes.end++] = LF;
    const to = bytes.bytes.subarray(bytes.start, bytes.end).lastIndexOf(LF) + bytes.start + 1;
    if (to > bytes.start) yield to;
    if (bytes.atEnd && bytes.start >= bytes.end) return;
    await bytes.fill();
  }
}
