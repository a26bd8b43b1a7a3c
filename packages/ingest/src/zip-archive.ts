import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { InputError } from "@tidemark/data/shapes";
import type { ReadBytes } from "./byte-window.ts";
import { damaged } from "./gunzip.ts";
import type { InputFile } from "./input-file.ts";
import { readChunks } from "./packed-bytes.ts";

const CHUNK = 1 << 18;
const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** A file in an archive, by the archive's central directory. */
export interface ZipMember {
  readonly name: string;
  /** Unpacked size. */
  readonly bytes: number;
  readonly read: ReadBytes;
}

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly offset: number;
}

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2] + 1;

/**
 * The files of a ZIP archive (PKWARE APPNOTE 6.3.10), each with a reader of its own, so that several can be merged in one
 * pass: a reader of the archive from front to back would have to unpack it once per file.
 */
export async function zipMembers(file: InputFile): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  for (const entry of await readDirectory(file)) {
    if (entry.name.endsWith("/")) continue;
    const where = `${file.path}/${entry.name}`;
    if ((entry.flags & 1) !== 0) throw new InputError(`${where}: is encrypted; unpack it first`);
    if (entry.method !== STORED && entry.method !== DEFLATED)
      throw new InputError(`${where}: is packed with method ${entry.method}; unpack it first (stored and deflated can be read)`);
    members.push({ name: entry.name, bytes: entry.bytes, read: memberReader(file, entry, where) });
  }
  if (members.length === 0) throw new InputError(`${file.path}: is an archive without files`);
  return members;
}

async function readDirectory(file: InputFile): Promise<Entry[]> {
  const tail = await bytesAt(file, Math.max(0, file.bytes - 65_557), Math.min(file.bytes, 65_557));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw cutShort(file.path, "its directory is missing");
  let count = tail.readUInt16LE(end + 10);
  let size = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
    const at = Number(tail.readBigUInt64LE(end - 12));
    const end64 = await bytesAt(file, at, 56);
    if (end64.readUInt32LE(0) !== END64) throw cutShort(file.path, "its 64-bit directory is missing");
    count = Number(end64.readBigUInt64LE(32));
    size = Number(end64.readBigUInt64LE(40));
    offset = Number(end64.readBigUInt64LE(48));
  }
  const directory = await bytesAt(file, offset, size);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY) throw cutShort(file.path, "its directory is damaged");
    const names = directory.readUInt16LE(at + 28);
    const extras = directory.readUInt16LE(at + 30);
    entries.push(readEntry(directory, at, directory.subarray(at + 46 + names, at + 46 + names + extras)));
    at += 46 + names + extras + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Sizes and offsets beyond 32 bits stand in the extra field 1, those of them that are needed, in this order. */
function readEntry(directory: Buffer, at: number, extra: Buffer): Entry {
  let wide = Buffer.alloc(0);
  for (let x = 0; x + 4 <= extra.length; x += 4 + extra.readUInt16LE(x + 2))
    if (extra.readUInt16LE(x) === 1) wide = Buffer.from(extra.subarray(x + 4, x + 4 + extra.readUInt16LE(x + 2)));
  let used = 0;
  const number = (from: number): number => {
    const value = directory.readUInt32LE(at + from);
    if (value !== 0xffff_ffff || used + 8 > wide.length) return value;
    used += 8;
    return Number(wide.readBigUInt64LE(used - 8));
  };
  const bytes = number(24);
  const packed = number(20);
  const offset = number(42);
  return {
    name: directory.toString("utf8", at + 46, at + 46 + directory.readUInt16LE(at + 28)),
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packed,
    bytes,
    offset,
  };
}

/** Unpacks one file; checks its size and CRC-32 at the end. */
function memberReader(file: InputFile, entry: Entry, where: string): ReadBytes {
  async function* packed(): AsyncGenerator<Uint8Array> {
    const local = await bytesAt(file, entry.offset, 30);
    if (local.readUInt32LE(0) !== LOCAL) throw cutShort(where, "its header is missing");
    let at = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    for (let left = entry.packed; left > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK));
      const got = await file.readAt(chunk, chunk.length, at);
      if (got === 0) throw cutShort(where, "its bytes are missing");
      yield chunk.subarray(0, got);
      at += got;
      left -= got;
    }
  }
  const open = (): ReadBytes => {
    const bytes = Readable.from(packed(), { objectMode: false });
    if (entry.method === STORED) return readChunks(bytes, (error) => error);
    const unpacked = createInflateRaw({ chunkSize: CHUNK });
    // An error of either side ends `unpacked`, whose reader gets it.
    pipeline(bytes, unpacked, () => {});
    return readChunks(unpacked, (error) => damaged(where, error));
  };
  let read: ReadBytes | undefined;
  let crc = 0;
  let length = 0;
  return async (into, at, room) => {
    read ??= open();
    const got = await read(into, at, room);
    crc = crc32(into.subarray(at, at + got), crc);
    length += got;
    if (got === 0 && (crc !== entry.crc || length !== entry.bytes)) throw cutShort(where, "its CRC does not fit");
    return got;
  };
}

async function bytesAt(file: InputFile, position: number, length: number): Promise<Buffer> {
  if (position + length > file.bytes) throw cutShort(file.path, "its directory points beyond its end");
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const n = await file.readAt(bytes.subarray(got), length - got, position + got);
    if (n === 0) throw cutShort(file.path, "it ends too early");
    got += n;
  }
  return bytes;
}

const cutShort = (where: string, why: string): InputError => new InputError(`${where}: is damaged or cut short (${why})`);
