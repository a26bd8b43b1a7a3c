import { InputError } from "@tidemark/data/shapes";
import type { ByteWindow } from "./byte-window.ts";
import { textOf } from "./word-table.ts";

/** A text that can only be read whole, JSON, takes a few times its size in memory. */
const WHOLE_MAX = 1 << 28;

/** All that is left of a window as text; `remedy`: what to do where it is more than 256 MiB. */
export async function wholeText(bytes: ByteWindow, name: string, remedy: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    pieces.push(Buffer.from(bytes.bytes.subarray(bytes.start, bytes.end)));
    length += bytes.end - bytes.start;
    bytes.start = bytes.end;
    if (length > WHOLE_MAX) throw new InputError(`${name}: is more than 256 MiB of JSON; ${remedy}`);
    if (bytes.atEnd) break;
    await bytes.fill();
  }
  const all = Buffer.concat(pieces);
  return textOf(all, 0, all.length);
}
