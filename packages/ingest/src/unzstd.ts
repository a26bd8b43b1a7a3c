import { InputError } from "@tidemark/data/shapes";
import { Decompress } from "fzstd";
import type { ReadBytes } from "./byte-window.ts";
import { packedPieces, readChunks } from "./packed-bytes.ts";

/** Small, since all that comes out of a piece is held: a block of four bytes may stand for 128 KiB. */
const PIECE = 1 << 13;

/** Whether bytes are a Zstandard frame, or a skippable one in front of it (RFC 8878, §3.1). */
export const isZstd = (head: Uint8Array): boolean =>
  head[1] === (head[0] === 0x28 ? 0xb5 : 0x2a) && (head[0] === 0x28 ? head[2] === 0x2f && head[3] === 0xfd : isSkippable(head));

const isSkippable = (head: Uint8Array): boolean => head[0] >> 4 === 5 && head[2] === 0x4d && head[3] === 0x18;

/** Unpacks Zstandard frames, one after the other; their checksums are not checked. `head` has been read off them already. */
export function unzstd(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  // What else is thrown comes from the library, and says that the bytes are not what they should be.
  return readChunks(unpacked(head, read), (error) =>
    error instanceof InputError || !(error instanceof Error)
      ? error
      : new InputError(`${name}: is damaged or cut short (${error.message})`),
  );
}

async function* unpacked(head: Uint8Array, read: ReadBytes): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const frames = new Decompress((chunk) => out.push(chunk));
  for await (const piece of packedPieces(head, read, PIECE)) {
    frames.push(piece);
    yield* out;
    out = [];
  }
  frames.push(new Uint8Array(0), true);
  yield* out;
}
