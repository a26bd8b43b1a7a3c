import { decodeLz4Block } from "./lz4-block.ts";

/** Bytes of a block. */
const BLOCK_MAX = 4 << 20;

/**
 * Decodes LZ4 frames that are there as a whole (LZ4 Frame Format 1.6.3, LZ4 Block Format): linked blocks, checksums skipped, any number of frames.
 * Own code because lz4js 0.2.0 returns wrong bytes for frames with block checksums, which polars writes.
 */
export function decodeLz4Frames(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let out = new Uint8Array(Math.max(1024, input.length * 4));
  let length = 0;
  let at = 0;
  while (at < input.length) {
    if (view.getUint32(at, true) !== 0x184d2204) throw new Error("no LZ4 frame where one should begin");
    const flags = view.getUint8(at + 4);
    at += 6 + ((flags & 8) !== 0 ? 8 : 0) + ((flags & 1) !== 0 ? 4 : 0) + 1;
    for (;;) {
      const word = view.getUint32(at, true);
      at += 4;
      if (word === 0) break;
      const size = word & 0x7fff_ffff;
      if (at + size > input.length) throw new Error("an LZ4 block is cut short");
      // Grow once per block instead of checking every copy for room.
      const room = word > 0x7fff_ffff ? size : BLOCK_MAX;
      if (out.length < length + room) out = grown(out, length, room);
      if (word > 0x7fff_ffff) {
        out.set(input.subarray(at, at + size), length);
        length += size;
      } else length = decodeLz4Block(input, at, at + size, out, length, length + BLOCK_MAX);
      at += size + ((flags & 16) !== 0 ? 4 : 0);
    }
    if ((flags & 4) !== 0) at += 4;
  }
  return out.subarray(0, length);
}

function grown(out: Uint8Array, length: number, room: number): Uint8Array<ArrayBuffer> {
  const bigger = new Uint8Array(Math.max(2 * out.length, length + room));
  bigger.set(out.subarray(0, length));
  return bigger;
}
