import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "@tidemark/data";
import type { ReadBytes } from "./byte-window.ts";

const CHUNK = 1 << 18;

/** Whether bytes are gzip. */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Unpacks a gzip stream of any number of members; `head` has been read off it already. */
export function gunzip(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  async function* packed(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const got = await read(chunk, 0, CHUNK);
      if (got === 0) return;
      yield chunk.subarray(0, got);
    }
  }
  const unpacked = createGunzip({ chunkSize: CHUNK });
  // An error of either side ends `unpacked`, whose reader gets it.
  pipeline(Readable.from(packed(), { objectMode: false }), unpacked, () => {});
  return readChunks(unpacked, (error) => damaged(name, error));
}

export const damaged = (name: string, error: unknown): unknown =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_")
    ? new InputError(`${name}: is damaged or cut short (${error.message})`)
    : error;

/** Reads from chunks of any size. */
export function readChunks(chunks: AsyncIterable<Buffer>, explain: (error: unknown) => unknown): ReadBytes {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Buffer = Buffer.alloc(0);
  let used = 0;
  return async (into, at, length) => {
    while (used === chunk.length) {
      const next = await iterator.next().catch((error: unknown) => {
        throw explain(error);
      });
      if (next.done === true) return 0;
      chunk = next.value;
      used = 0;
    }
    const n = Math.min(length, chunk.length - used);
    chunk.copy(into, at, used, used + n);
    used += n;
    return n;
  };
}
