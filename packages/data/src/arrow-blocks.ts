import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { Message } from "apache-arrow/fb/message";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { ByteBuffer } from "flatbuffers";
import { InputError } from "./fail.ts";

/** A record batch of an Arrow file, of which some columns lie in memory. Valid until the next one is asked for. */
export interface Block {
  readonly length: number;
  /** Offset into `bytes` of a wanted column's values, by position among those wanted. */
  readonly valuesAt: readonly number[];
  /** The same of its validity bitmap; −1 where no value is missing. */
  readonly bitmapAt: readonly number[];
  readonly bytes: ArrayBuffer;
}

/** What lies between two columns is read with them where it is no longer than this, bytes: that takes less than another call. */
const GAP_BYTES = 65_536;
const ALIGNMENT = 8;

/** Of a message: a mark that is always the same, and the length of the metadata behind it. */
const PREFIX = new Int32Array(2);
const CONTINUATION = -1;
/** The magic, padded: where the first message begins. */
const FIRST_MESSAGE = 8;

/**
 * Reads the record batches of an IPC file without compression, dictionaries or nested columns: of each the columns wanted, by position
 * in the schema, and all into the same two pieces of memory. Beside the work on one block the next is read.
 * `widths`: bytes of a value, by wanted column. `fields`: columns of the schema.
 */
export async function* readBlocks(
  file: FileHandle,
  path: string,
  fields: number,
  wanted: readonly number[],
  widths: readonly number[],
): AsyncGenerator<Block> {
  const { size } = await file.stat();
  const memories = [new ArrayBuffer(0), new ArrayBuffer(0)];
  let turn = 0;
  let position = FIRST_MESSAGE;
  const next = (): Promise<Block> | undefined => {
    for (;;) {
      const found = messageAt(file, position, size, path);
      if (found === undefined) return undefined;
      const { batch, bodyAt, bodyLength } = found;
      position = bodyAt + bodyLength;
      if (position > size) throw damaged(path, "a batch ends behind its end");
      const length = Number(batch?.length() ?? 0);
      if (batch === undefined || length === 0) continue;
      if (batch.nodesLength() !== fields || batch.buffersLength() !== 2 * fields || batch.compression() !== null)
        throw damaged(path, "a batch has other columns than the file");
      const valuesAt = wanted.map((c) => Number(batch.buffers(2 * c + 1)?.offset()));
      const bitmapAt = wanted.map((c) => (Number(batch.nodes(c)?.nullCount()) > 0 ? Number(batch.buffers(2 * c)?.offset()) : -1));
      const pieces = [
        ...valuesAt.map((at, i): Piece => [at, at + length * widths[i]]),
        ...bitmapAt.filter((at) => at >= 0).map((at): Piece => [at, at + Math.ceil(length / 8)]),
      ];
      if (length < 0 || pieces.some(([from, to]) => from < 0 || from % ALIGNMENT !== 0 || to > bodyLength))
        throw damaged(path, "a batch does not hold its columns");
      const { stretches, bytes: needed } = layStretches(pieces);
      turn = 1 - turn;
      if (memories[turn].byteLength < needed) memories[turn] = new ArrayBuffer(needed);
      const bytes = memories[turn];
      const placeOf = (at: number): number => {
        const { from, place } = stretches.findLast((stretch) => stretch.from <= at) ?? stretches[0];
        return place + at - from;
      };
      const block: Block = { length, valuesAt: valuesAt.map(placeOf), bitmapAt: bitmapAt.map((at) => (at < 0 ? -1 : placeOf(at))), bytes };
      const whole = readStretches(file, bytes, stretches, bodyAt, path).then(() => block);
      whole.catch(() => {}); // who asks for the block is told; until then nobody waits for it
      return whole;
    }
  };
  let coming = next();
  try {
    while (coming !== undefined) {
      const block = await coming;
      coming = next();
      yield block;
    }
  } finally {
    // The file is closed after this: nobody may be reading it then.
    await coming?.catch(() => {});
  }
}

interface Found {
  /** Undefined in a message of another kind: the schema. */
  readonly batch: RecordBatch | undefined;
  readonly bodyAt: number;
  readonly bodyLength: number;
}

/** The message at a position and where its body begins; undefined at the end of the messages. */
function messageAt(file: FileHandle, position: number, size: number, path: string): Found | undefined {
  if (position + PREFIX.byteLength > size) throw damaged(path, "its batches have no end");
  readSync(file.fd, PREFIX, 0, PREFIX.byteLength, position);
  const [mark, length] = PREFIX;
  if (mark !== CONTINUATION) throw damaged(path, `no batch begins at byte ${position}`);
  if (length === 0) return undefined;
  const bodyAt = position + PREFIX.byteLength + length;
  if (length < 0 || bodyAt > size) throw damaged(path, "a batch ends behind its end");
  const metadata = new Uint8Array(length);
  readSync(file.fd, metadata, 0, length, position + PREFIX.byteLength);
  const message = Message.getRootAsMessage(new ByteBuffer(metadata));
  const isBatch = message.headerType() === MessageHeader.RecordBatch;
  const bodyLength = Number(message.bodyLength());
  if (bodyLength < 0) throw damaged(path, "a batch ends behind its end");
  return { batch: isBatch ? (message.header(new RecordBatch()) as RecordBatch) : undefined, bodyAt, bodyLength };
}

/** Bytes of a batch's body: from, to. */
type Piece = readonly [from: number, to: number];
/** What is read by one call, and where to. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly place: number;
}

/** Pieces that lie near each other are one stretch; stretches stand one behind the other, aligned. */
function layStretches(pieces: readonly Piece[]): { readonly stretches: readonly Stretch[]; readonly bytes: number } {
  const stretches: Stretch[] = [];
  let bytes = 0;
  for (const [from, to] of pieces.toSorted(([a], [b]) => a - b)) {
    const last = stretches.at(-1);
    const isNear = last !== undefined && from - last.to <= GAP_BYTES;
    if (isNear) stretches.pop();
    const stretch = isNear ? { ...last, to: Math.max(last.to, to) } : { from, to, place: Math.ceil(bytes / ALIGNMENT) * ALIGNMENT };
    stretches.push(stretch);
    bytes = stretch.place + stretch.to - stretch.from;
  }
  return { stretches, bytes };
}

async function readStretches(
  file: FileHandle,
  into: ArrayBuffer,
  stretches: readonly Stretch[],
  bodyAt: number,
  path: string,
): Promise<void> {
  for (const { from, to, place } of stretches) {
    const bytes = new Uint8Array(into, place, to - from);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, bodyAt + from + done);
      if (bytesRead === 0) throw damaged(path, "it became shorter while it was read");
      done += bytesRead;
    }
  }
}

const damaged = (path: string, how: string): InputError => new InputError(`${path}: is damaged: ${how}; write it again`);
