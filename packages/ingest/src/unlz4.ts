import { InputError } from "@tidemark/data/shapes";
import { ByteWindow, type ReadBytes } from "./byte-window.ts";
import { decodeLz4Block, LZ4_HISTORY } from "./lz4-block.ts";
import { packedPieces, readChunks } from "./packed-bytes.ts";
import { Xxh32 } from "./xxh32.ts";

const PIECE = 1 << 18;
const FRAME = 0x184d2204;
/** The lowest of sixteen. */
const SKIPPABLE = 0x184d2a50;

/** Whether bytes are an LZ4 frame, skippable ones in front of it passed over. */
export function isLz4(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  let at = 0;
  while (at + 8 <= bytes.length && (bytes.readUInt32LE(at) & ~15) >>> 0 === SKIPPABLE) at += 8 + bytes.readUInt32LE(at + 4);
  return at + 4 <= bytes.length && bytes.readUInt32LE(at) === FRAME;
}

/** Unpacks LZ4 frames (LZ4 Frame Format 1.6.3), one after the other, their checksums checked; `head` has been read off them already. */
export function unlz4(name: string, head: Uint8Array, read: ReadBytes): ReadBytes {
  const packed = new PackedBytes(
    name,
    readChunks(packedPieces(head, read, PIECE), (error) => error),
  );
  return readChunks(frames(name, packed), (error) =>
    error instanceof InputError || !(error instanceof Error) || "code" in error ? error : damaged(name, error.message),
  );
}

const damaged = (name: string, why: string): InputError => new InputError(`${name}: is damaged or cut short (${why})`);

/** So many bytes of a stream at a time as are asked for. */
class PackedBytes {
  readonly #window: ByteWindow;
  readonly #name: string;

  constructor(name: string, read: ReadBytes) {
    this.#name = name;
    this.#window = new ByteWindow(name, read);
  }

  async isAtEnd(): Promise<boolean> {
    await this.#bring(1);
    return this.#window.start === this.#window.end;
  }

  /** Valid until the next call. */
  async take(bytes: number): Promise<Buffer> {
    await this.#bring(bytes);
    const { start } = this.#window;
    if (start + bytes > this.#window.end) throw damaged(this.#name, "it ends within an LZ4 frame");
    this.#window.start += bytes;
    return this.#window.bytes.subarray(start, start + bytes);
  }

  async #bring(bytes: number): Promise<void> {
    while (this.#window.end - this.#window.start < bytes && !this.#window.atEnd) await this.#window.fill();
  }

  async word(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }
}

async function* frames(name: string, packed: PackedBytes): AsyncGenerator<Uint8Array> {
  while (!(await packed.isAtEnd())) {
    const magic = await packed.word();
    if (magic === FRAME) yield* frame(name, packed);
    else if ((magic & ~15) >>> 0 === SKIPPABLE)
      for (let left = await packed.word(); left > 0; left -= PIECE) await packed.take(Math.min(left, PIECE));
    else throw damaged(name, "no LZ4 frame where one should begin");
  }
}

/** What follows the magic number. Chunks are valid until the next is asked for. */
async function* frame(name: string, packed: PackedBytes): AsyncGenerator<Uint8Array> {
  const { hasBlockChecksums, hasChecksum, areIndependent, bytes, blockMax } = await descriptor(name, packed);
  const out = new Uint8Array(LZ4_HISTORY + blockMax);
  const hash = new Xxh32();
  let history = 0;
  let length = 0;
  for (let word = await packed.word(); word !== 0; word = await packed.word()) {
    const size = word & 0x7fff_ffff;
    if (size > blockMax) throw damaged(name, "an LZ4 block is too large");
    const block = await packed.take(size);
    const checksum = hasBlockChecksums ? new Xxh32().update(block).digest() : 0;
    if (word > 0x7fff_ffff) out.set(block, history);
    const end = word > 0x7fff_ffff ? history + size : decodeLz4Block(block, 0, size, out, history, history + blockMax);
    if (hasBlockChecksums && (await packed.word()) !== checksum) throw damaged(name, "the checksum of an LZ4 block does not fit");
    const chunk = out.subarray(history, end);
    if (hasChecksum) hash.update(chunk);
    length += chunk.length;
    yield chunk;
    if (areIndependent) continue;
    out.copyWithin(0, Math.max(0, end - LZ4_HISTORY), end);
    history = Math.min(end, LZ4_HISTORY);
  }
  if (hasChecksum && (await packed.word()) !== hash.digest()) throw damaged(name, "the checksum of an LZ4 frame does not fit");
  if (bytes !== undefined && bytes !== length) throw damaged(name, "an LZ4 frame is not as long as it says");
}

interface Descriptor {
  readonly areIndependent: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasChecksum: boolean;
  /** Of the frame's content, where it is told. */
  readonly bytes: number | undefined;
  /** Bytes of a block. */
  readonly blockMax: number;
}

async function descriptor(name: string, packed: PackedBytes): Promise<Descriptor> {
  const hash = new Xxh32();
  const take = async (bytes: number): Promise<Buffer> => {
    const taken = await packed.take(bytes);
    hash.update(taken);
    return taken;
  };
  const [flags, sizes] = await take(2);
  const bytes = (flags & 8) === 0 ? undefined : Number((await take(8)).readBigUInt64LE());
  if ((flags & 1) !== 0) await take(4);
  const [check] = await packed.take(1);
  if (flags >> 6 !== 1 || sizes >> 4 < 4 || sizes >> 4 > 7 || check !== ((hash.digest() >>> 8) & 0xff))
    throw damaged(name, "the head of an LZ4 frame makes no sense");
  if ((flags & 1) !== 0) throw new InputError(`${name}: is packed by lz4 with a dictionary; unpack it first: lz4 -d -D DICTIONARY`);
  return {
    areIndependent: (flags & 32) !== 0,
    hasBlockChecksums: (flags & 16) !== 0,
    hasChecksum: (flags & 4) !== 0,
    bytes,
    blockMax: 1 << (2 * (sizes >> 4) + 8),
  };
}
