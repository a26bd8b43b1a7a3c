import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "@tidemark/data/shapes";
import type { ReadBytes } from "./byte-window.ts";
import { packedPieces, readChunks } from "./packed-bytes.ts";

const CHUNK = 1 << 18;

/** Whether bytes are gzip. */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Unpacks a gzip stream of any number of members; `head` has been read off it already. */
export function gunzip(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  const unpacked = createGunzip({ chunkSize: CHUNK });
  // An error of either side ends `unpacked`, whose reader gets it.
  pipeline(Readable.from(packedPieces(head, read, CHUNK), { objectMode: false }), unpacked, () => {});
  return readChunks(unpacked, (error) => damaged(name, error));
}

export const damaged = (name: string, error: unknown): unknown =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_")
    ? new InputError(`${name}: is damaged or cut short (${error.message})`)
    : error;
