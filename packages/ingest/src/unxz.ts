import { InputError } from "@tidemark/data/shapes";
import xz from "xz-decompress";
import type { ReadBytes } from "./byte-window.ts";
import { packedPieces, readChunks } from "./packed-bytes.ts";

const CHUNK = 1 << 16;

/** Whether bytes are an .xz stream (The .xz File Format 1.2.1, §2.1.1.1). */
export const isXz = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 6)).equals(Buffer.from("\xfd7zXZ\0", "latin1"));

/** Unpacks .xz streams, one after the other, their CRC-32 and CRC-64 checked; `head` has been read off them already. */
export function unxz(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  const pieces = packedPieces(head, read, CHUNK);
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
  return readChunks(new xz.XzReadableStream(packed), (error) => explained(name, error));
}

/** The library names its errors by the numbers of `enum xz_ret` of xz-embedded. */
function explained(name: string, error: unknown): unknown {
  const code = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined;
  if (code === undefined) return error;
  return new InputError(
    code === "6"
      ? `${name}: is packed with a filter or a check that cannot be read; pack it again with: xz -dc FILE | xz > NEW.xz`
      : `${name}: is damaged or cut short (xz error ${code})`,
  );
}
