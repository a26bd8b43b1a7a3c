import { pipeline, Readable } from "node:stream";
import { constants, createInflate, inflateSync } from "node:zlib";
import type { ReadBytes } from "./byte-window.ts";
import { damaged } from "./gunzip.ts";
import { packedPieces, readChunks } from "./packed-bytes.ts";

const CHUNK = 1 << 18;
const TRIED = 512;

/** Whether bytes are a zlib stream (RFC 1950, §2.2) of at least one byte; its two bytes alone say too little. */
export function isZlib(head: Uint8Array): boolean {
  if (head[0] !== 0x78 || (head[0] * 256 + head[1]) % 31 !== 0) return false;
  try {
    return inflateSync(head.subarray(0, TRIED), { finishFlush: constants.Z_SYNC_FLUSH }).length > 0;
  } catch {
    return false;
  }
}

/** Unpacks a zlib stream; `head` has been read off it already. */
export function unzlib(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  const unpacked = createInflate({ chunkSize: CHUNK });
  // An error of either side ends `unpacked`, whose reader gets it.
  pipeline(Readable.from(packedPieces(head, read, CHUNK), { objectMode: false }), unpacked, () => {});
  return readChunks(unpacked, (error) => damaged(name, error));
}
