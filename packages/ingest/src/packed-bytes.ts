import type { ReadBytes } from "./byte-window.ts";

/** Pieces of a packed stream; `head` has been read off it already. */
export async function* packedPieces(head: Uint8Array, read: ReadBytes, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < head.length; at += pieceBytes) yield head.subarray(at, at + pieceBytes);
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const got = await read(piece, 0, pieceBytes);
    if (got === 0) return;
    yield piece.subarray(0, got);
  }
}

/** Reads from chunks of any size. */
export function readChunks(chunks: AsyncIterable<Uint8Array>, explain: (error: unknown) => unknown): ReadBytes {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
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
    into.set(chunk.subarray(used, used + n), at);
    used += n;
    return n;
  };
}
