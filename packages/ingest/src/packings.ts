import type { ReadBytes } from "./byte-window.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { isLz4, unlz4 } from "./unlz4.ts";
import { isXz, unxz } from "./unxz.ts";
import { isZlib, unzlib } from "./unzlib.ts";
import { isZstd, unzstd } from "./unzstd.ts";

/** How a stream of bytes may be packed. */
interface Packing {
  /** The first bytes decide. */
  is(head: Uint8Array): boolean;
  /** Bytes behind `head`, which has been read off the stream already, and before it. */
  unpack(name: string, head: Uint8Array, read: ReadBytes): ReadBytes;
}

/** Every packing of a single stream that is undone on the way. */
export const packings: readonly Packing[] = [
  { is: isGzip, unpack: gunzip },
  { is: isXz, unpack: unxz },
  { is: isZlib, unpack: unzlib },
  // Both may begin with a skippable frame, and only lz4 looks behind it.
  { is: isLz4, unpack: unlz4 },
  { is: isZstd, unpack: unzstd },
];
