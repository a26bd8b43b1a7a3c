import { open, type FileHandle } from "node:fs/promises";
import * as arrow from "apache-arrow";
import { BATCH_ROWS, distrustArrowLengths, fileProblem, InputError } from "@tidemark/data";
import { decompress } from "fzstd";
import { arrowColumnReader } from "./arrow-column.ts";
import type { CellBatch } from "./cell-batch.ts";
import type { CellColumn } from "./cell-column.ts";
import type { RowLog } from "./format.ts";
import { decodeLz4Frames } from "./lz4-frame.ts";

arrow.compressionRegistry.set(arrow.CompressionType.LZ4_FRAME, { decode: decodeLz4Frames });
arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, { decode: (bytes) => decompress(bytes) });

const FILE_MAGIC = "ARROW1";
/** A stream may also just end, so its absence is no error. */
const END_OF_STREAM = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** Arrow IPC as a file (with its footer at the end) or as a stream. */
export function sniffArrow(head: Uint8Array): "file" | "stream" | undefined {
  if (Buffer.from(head.subarray(0, FILE_MAGIC.length)).toString("latin1") === FILE_MAGIC) return "file";
  const length = head.length < 8 ? 0 : head[4] | (head[5] << 8) | (head[6] << 16);
  return head[0] === 0xff && head[1] === 0xff && head[2] === 0xff && head[3] === 0xff && length > 0 ? "stream" : undefined;
}

/** A table in Arrow's format, opened; rows are read batch by batch. */
export interface ArrowTable {
  readonly header: readonly string[];
  rows(fields: readonly (CellColumn | undefined)[], log: RowLog): AsyncGenerator<CellBatch>;
  close(): Promise<void>;
}

export async function openArrowFile(path: string, name: string): Promise<ArrowTable> {
  const file = await open(path).catch((error: unknown) => {
    throw fileProblem(error, name);
  });
  try {
    const { size } = await file.stat();
    await checkFooter(file, size, name);
    return await openTable(await explained(name, () => arrow.RecordBatchReader.from(refusingToLoop(file, size))), name, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function openArrowStream(chunks: AsyncIterable<Uint8Array>, name: string): Promise<ArrowTable> {
  let tail = Buffer.alloc(0);
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      tail = Buffer.concat([tail, chunk.subarray(-END_OF_STREAM.length)]).subarray(-END_OF_STREAM.length);
      yield chunk;
    }
  }
  const table = await openTable(await explained(name, () => arrow.RecordBatchReader.from(watched())), name, async () => {});
  return {
    ...table,
    async *rows(fields, log) {
      yield* table.rows(fields, log);
      if (!tail.equals(END_OF_STREAM)) log.note("the stream ends without its end mark: rows at its end may be missing");
    },
  };
}

async function openTable(
  reader: arrow.AsyncRecordBatchFileReader | arrow.AsyncRecordBatchStreamReader,
  name: string,
  close: () => Promise<void>,
): Promise<ArrowTable> {
  distrustArrowLengths();
  await explained(name, () => reader.open());
  // A damaged schema may lack even a name.
  const header = reader.schema.fields.map((field) => String(field.name));
  return {
    header,
    close,
    async *rows(fields, log) {
      const columns = fields.filter((column) => column !== undefined);
      let before = 0;
      for (;;) {
        const next = await explained(name, () => reader.next());
        if (next.done === true) return;
        try {
          yield* cellsOf(next.value, before, fields, columns, log);
        } catch (error) {
          throw explanation(error, name);
        }
        before += next.value.numRows;
      }
    },
  };
}

/** The rows of one record batch. Row numbers count from 1 over the whole table. */
function* cellsOf(
  batch: arrow.RecordBatch,
  before: number,
  fields: readonly (CellColumn | undefined)[],
  columns: readonly CellColumn[],
  log: RowLog,
): Generator<CellBatch> {
  const vectors = fields.map((_, i) => batch.getChildAt(i));
  const readers = fields.map((column, i) => {
    const vector = vectors[i];
    return column === undefined || vector === null ? undefined : arrowColumnReader(vector, column, log.name);
  });
  checkLengths(batch, vectors);
  const textAt = (i: number): string => vectors.map((vector) => String(vector?.get(i) ?? "")).join(",");
  const rowAt = new Uint32Array(Math.min(batch.numRows, BATCH_ROWS));
  const cells: CellBatch = { length: 0, columns, lineOf: (row) => before + rowAt[row] + 1, textOf: (row) => textAt(rowAt[row]) };
  for (let i = 0; i < batch.numRows;) {
    const to = Math.min(batch.numRows, i + BATCH_ROWS);
    log.read(to - i);
    for (; i < to; i++) {
      let problem: string | undefined;
      for (let f = 0; f < readers.length && problem === undefined; f++) problem = readers[f]?.(i, cells.length);
      if (problem === undefined) rowAt[cells.length++] = i;
      else {
        for (const column of columns) column.missing[cells.length] = 0;
        log.reject(before + i + 1, textAt(i), problem);
      }
    }
    if (cells.length > 0) yield cells;
    cells.length = 0;
    for (const column of columns) column.clear();
  }
}

/**
 * A handle whose reads fail at the file's end and when they come round again: on damaged lengths apache-arrow 21 asks for
 * ever for bytes that are not there, or for the same ones.
 */
function refusingToLoop(file: FileHandle, size: number): FileHandle {
  let left = 4 * size + (1 << 20);
  const read = async (into: Buffer, at: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Buffer }> => {
    const got = await file.read(into, at, length, position);
    left -= got.bytesRead;
    if (got.bytesRead === 0 && length > 0) throw new Error(`${length} bytes at ${position} are not there`);
    if (left < 0) throw new Error("its parts overlap");
    return got;
  };
  return new Proxy(file, {
    get(target, key) {
      if (key === "read") return read;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A damaged batch may promise more rows than its columns hold. */
function checkLengths({ numRows }: arrow.RecordBatch, vectors: readonly (arrow.Vector | null)[]): void {
  for (const vector of vectors) {
    const data = vector?.data[0];
    const held = data?.valueOffsets === undefined ? data?.values?.length : data.valueOffsets.length - 1;
    if (held !== undefined && held < numRows && !arrow.DataType.isUtf8View(data?.type))
      throw new Error(`a batch of ${numRows} rows has a column of ${held}`);
  }
}

/** An Arrow file ends with its magic again; without it the footer, which says where everything is, is not there. */
async function checkFooter(file: FileHandle, size: number, name: string): Promise<void> {
  const tail = Buffer.alloc(10);
  if (size >= 20) await file.read(tail, 0, 10, size - 10);
  const length = tail.readInt32LE(0);
  if (tail.toString("latin1", 4) !== FILE_MAGIC || length <= 0 || length > size - 18)
    throw new InputError(`${name}: is damaged or cut short (an Arrow file ends with ${FILE_MAGIC})`);
}

async function explained<T>(name: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw explanation(error, name);
  }
}

/** What the Arrow library throws says that the bytes are not what they should be. */
function explanation(error: unknown, name: string): InputError {
  if (error instanceof InputError) return error;
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return new InputError(`${name}: is damaged, cut short, or of a kind of Arrow that cannot be read (${said})`);
}
