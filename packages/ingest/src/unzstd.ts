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

/** Bytes of the window that are held at most, as by `zstd -d`: to unpack a larger one takes a minute for a GB, and more memory than that. */
const WINDOW_MAX = 2 ** 27;

/** Bytes that a frame refers back over (RFC 8878, §3.1.1.1); 0 where the head does not say it. */
function windowOf(head: Uint8Array): number {
  const descriptor = head[4];
  if (head.length < 18 || head[0] !== 0x28) return 0;
  const isOne = (descriptor & 0x20) !== 0;
  if (!isOne) return 2 ** (10 + (head[5] >> 3)) * (1 + (head[5] & 7) / 8);
  // A frame that is one segment is its own window: its content's size stands behind the number of its dictionary.
  const at = 5 + [0, 1, 2, 4][descriptor & 3];
  const bytes = [1, 2, 4, 8][descriptor >> 6];
  let size = 0;
  for (let i = bytes - 1; i >= 0; i--) size = size * 256 + head[at + i];
  return bytes === 2 ? size + 256 : size;
}

/** Unpacks Zstandard frames, one after the other; their checksums are not checked. `head` has been read off them already. */
export function unzstd(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  const window = windowOf(head);
  if (window > WINDOW_MAX)
    throw new InputError(
      `${name}: has a window of ${Math.round(window / 2 ** 20)} MiB, and at most ${WINDOW_MAX / 2 ** 20} MiB are unpacked here; unpack it first: zstd -d --long=31`,
    );
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
