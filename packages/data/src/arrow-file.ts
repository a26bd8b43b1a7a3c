import { closeSync, openSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import * as arrow from "apache-arrow";
import { BATCH_ROWS, NONE } from "./access-batch.ts";
import { readBlocks } from "./arrow-blocks.ts";
import { distrustArrowLengths } from "./arrow-lengths.ts";
import { assert, fileProblem, InputError } from "./fail.ts";
import { FileSink } from "./file-sink.ts";

/**
 * Column types of our Arrow files and what they are in memory. u64 is a whole number below 2^53 in a Float64Array;
 * hash is opaque 64 bits in a BigUint64Array. A nullable column marks "not known" in memory by a sentinel:
 * NONE for u32, 255 for u8, NaN for u64 and f64.
 */
export interface ArrowColumn {
  readonly name: string;
  readonly type: "u8" | "u16" | "u32" | "u64" | "f64" | "hash" | "text";
  readonly nullable?: boolean;
}
export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Float64Array | BigUint64Array | readonly string[];
export interface ArrowRows {
  readonly length: number;
  readonly columns: readonly ColumnArray[];
}

const TYPES = {
  u8: () => new arrow.Uint8(),
  u16: () => new arrow.Uint16(),
  u32: () => new arrow.Uint32(),
  u64: () => new arrow.Uint64(),
  f64: () => new arrow.Float64(),
  hash: () => new arrow.Uint64(),
  text: () => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 0),
} as const;

/* oxlint-disable no-underscore-dangle -- apache-arrow names what it lets others override like this */
/**
 * apache-arrow 21 leaves the schema message out of IPC files, so that readers which take a file as a stream behind its
 * magic (nanoarrow, DuckDB) refuse them (apache/arrow-js issue 51).
 */
class SchemaFirstWriter extends arrow.RecordBatchFileWriter {
  protected override _writeSchema(schema: arrow.Schema): this {
    super._writeSchema(schema);
    return this._writeMessage(arrow.Message.from(schema));
  }
}
/* oxlint-enable no-underscore-dangle */

/** Writes an Arrow IPC file batch by batch. Uncompressed: apache-arrow 21 writes compressed buffers that others reject. */
export class ArrowFileWriter {
  readonly #path: string;
  readonly #columns: readonly ArrowColumn[];
  readonly #schema: arrow.Schema;
  readonly #writer = new SchemaFirstWriter();
  readonly #fd: number;
  readonly #scratch: (BigUint64Array | undefined)[] = [];
  /** A dictionary cannot change inside an IPC file: all words of a text column must be in the first batch. */
  readonly #words = new Map<string, { readonly codeOf: Map<string, number>; readonly dictionary: arrow.Vector<arrow.Utf8> }>();

  constructor(path: string, columns: readonly ArrowColumn[]) {
    this.#path = path;
    this.#columns = columns;
    // Dictionary ids must differ between the text columns of a file.
    this.#schema = new arrow.Schema(
      columns.map((c, id) => {
        const type = c.type === "text" ? new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), id) : TYPES[c.type]();
        return new arrow.Field(c.name, type, c.nullable ?? false);
      }),
    );
    try {
      this.#fd = openSync(path, "wx");
      this.#writer.reset(new FileSink(this.#fd), this.#schema);
    } catch (error) {
      throw fileProblem(error, path);
    }
  }

  /** Writes rows `[0, length)` of the columns, which may be reused afterwards. */
  write({ length, columns }: ArrowRows): void {
    if (length === 0) return;
    const children = this.#columns.map((column, i) => {
      const values = columns[i];
      assert(values !== undefined && values.length >= length, `${this.#path}: column ${column.name} has too few values`);
      return this.#data(column, values, length, i);
    });
    const data = arrow.makeData({ type: new arrow.Struct(this.#schema.fields), length, nullCount: 0, children });
    try {
      this.#writer.write(new arrow.RecordBatch(this.#schema, data));
    } catch (error) {
      throw fileProblem(error, this.#path);
    }
  }

  close(): void {
    try {
      this.#writer.finish();
      closeSync(this.#fd);
    } catch (error) {
      throw fileProblem(error, this.#path);
    }
  }

  /** Gives the file descriptor back after a failure; the file is not valid. */
  abandon(): void {
    try {
      closeSync(this.#fd);
    } catch {
      // already closed: nothing to give back
    }
  }

  #data(column: ArrowColumn, values: ColumnArray, length: number, id: number): arrow.Data {
    const valid = column.nullable === true ? validity(values, length) : undefined;
    const shape = { length, nullCount: valid?.nullCount ?? 0, nullBitmap: valid?.bitmap ?? null };
    switch (column.type) {
      case "u64":
        return arrow.makeData({ type: new arrow.Uint64(), data: this.#words64(id, values as Float64Array, length), ...shape });
      case "text": {
        const codes = this.#codes(column.name, (values as readonly string[]).slice(0, length));
        const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), id);
        return arrow.makeData({ type, data: codes.codes, dictionary: codes.dictionary, ...shape });
      }
      default: {
        const type = TYPES[column.type]();
        return arrow.makeData({ type, data: (values as Uint32Array).subarray(0, length), ...shape } as Parameters<
          typeof arrow.makeData
        >[0]) as arrow.Data;
      }
    }
  }

  /** 64-bit words of a column. What is written has left the process when the next batch comes: their memory serves again. */
  #words64(id: number, values: Float64Array, length: number): BigUint64Array {
    let words = this.#scratch[id];
    if (words === undefined || words.length < length) this.#scratch[id] = words = new BigUint64Array(Math.max(length, BATCH_ROWS));
    return toU64(values, length, words.subarray(0, length));
  }

  #codes(name: string, values: readonly string[]): { codes: Int32Array; dictionary: arrow.Vector<arrow.Utf8> } {
    let known = this.#words.get(name);
    if (known === undefined) {
      const words = [...new Set(values)];
      known = { codeOf: new Map(words.map((word, code) => [word, code])), dictionary: arrow.vectorFromArray(words, new arrow.Utf8()) };
      this.#words.set(name, known);
    }
    const { codeOf, dictionary } = known;
    const codes = Int32Array.from(values, (word) => {
      const code = codeOf.get(word);
      assert(code !== undefined, `${this.#path}: "${word}" is not in the dictionary of ${name}`);
      return code;
    });
    return { codes, dictionary };
  }
}

function validity(values: ColumnArray, length: number): { bitmap: Uint8Array; nullCount: number } | undefined {
  if (values instanceof Uint32Array) return validity32(values, length);
  const bitmap = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  const missing = values instanceof Uint8Array ? 0xff : NaN;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value === missing || value !== value) nullCount++;
    else bitmap[i >> 3] = (bitmap[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return nullCount === 0 ? undefined : { bitmap, nullCount };
}

/** The same for the columns that every access has, where it counts: a byte of the bitmap at a time. */
function validity32(values: Uint32Array, length: number): ReturnType<typeof validity> {
  if (!values.subarray(0, length).includes(NONE)) return undefined;
  const bitmap = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i += 8) {
    const to = Math.min(8, length - i);
    let bits = 0;
    for (let bit = 0; bit < to; bit++) {
      const isNull = values[i + bit] === NONE ? 1 : 0;
      nullCount += isNull;
      bits |= (1 - isNull) << bit;
    }
    bitmap[i >> 3] = bits;
  }
  return { bitmap, nullCount };
}

/** Whole numbers below 2^53 → little-endian 64-bit words, without a BigInt. NaN (null) becomes 0. */
function toU64(values: Float64Array, length: number, words: BigUint64Array): BigUint64Array {
  const halves = new Uint32Array(words.buffer, words.byteOffset, 2 * length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    const hi = Math.floor(value / 4294967296);
    halves[2 * i] = value - hi * 4294967296;
    halves[2 * i + 1] = hi;
  }
  return words;
}

function fromU64(words: BigUint64Array, length: number, out: Float64Array): Float64Array {
  const halves = new Uint32Array(words.buffer, words.byteOffset, 2 * length);
  for (let i = 0; i < length; i++) out[i] = halves[2 * i] + halves[2 * i + 1] * 4294967296;
  return out;
}

/**
 * Reads an Arrow IPC file written by us batch by batch: the columns named, in the order named, and no more of the file than it must.
 * The arrays of a batch are valid until the next one is asked for.
 */
export async function* readArrowFile(path: string, columns: readonly ArrowColumn[]): AsyncGenerator<ArrowRows> {
  const file = await open(path).catch((error: unknown) => {
    throw fileProblem(error, path);
  });
  try {
    await checkEnds(file, path);
    distrustArrowLengths();
    const reader = await arrow.RecordBatchReader.from(file);
    await reader.open();
    const at = columns.map((column) => indexOf(reader.schema, column, path));
    if (reader.schema.fields.some(({ type }) => arrow.DataType.isDictionary(type))) yield* readWords(reader, columns, at);
    else yield* readNumbers(file, path, reader.schema.fields.length, columns, at);
  } catch (error) {
    const known = fileProblem(error, path);
    throw known instanceof InputError ? known : new InputError(`${path}: is damaged: ${known.message.split("\n")[0]}; write it again`);
  } finally {
    await file.close();
  }
}

/** A file with text, which is small. */
async function* readWords(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly ArrowColumn[],
  at: readonly number[],
): AsyncGenerator<ArrowRows> {
  for await (const batch of batches) {
    const length = batch.numRows;
    if (length === 0) continue; // the reader's stand-in for a file without batches
    const columnOf = (column: ArrowColumn, index: number): ColumnArray => {
      const vector = batch.getChildAt(index);
      const data = vector?.data[0];
      assert(vector !== null && data !== undefined, `column ${column.name} has no data`);
      if (column.type === "text") return Array.from({ length }, (_, i) => String(vector.get(i) ?? ""));
      const values = data.values as NumberArray;
      const numbers = column.type === "u64" ? fromU64(values as BigUint64Array, length, new Float64Array(length)) : values.slice(0, length);
      if (data.nullCount > 0) markMissing(numbers, column, data.nullBitmap, data.offset, length);
      return numbers;
    };
    yield { length, columns: columns.map((column, i) => columnOf(column, at[i])) };
  }
}

type NumberArray = Exclude<ColumnArray, readonly string[]>;

const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
  f64: Float64Array,
  hash: BigUint64Array,
} as const;

async function* readNumbers(
  file: FileHandle,
  path: string,
  fields: number,
  columns: readonly ArrowColumn[],
  at: readonly number[],
): AsyncGenerator<ArrowRows> {
  const types = columns.map(({ name, type }) => {
    assert(type !== "text", `column ${name} of numbers`);
    return ARRAYS[type];
  });
  const wholes = columns.map(() => new Float64Array(0));
  for await (const { length, bytes, valuesAt, bitmapAt } of readBlocks(
    file,
    path,
    fields,
    at,
    types.map((type) => type.BYTES_PER_ELEMENT),
  )) {
    const numbers = types.map((type, i): NumberArray => {
      let values: NumberArray = new type(bytes, valuesAt[i], length);
      if (columns[i].type === "u64") {
        if (wholes[i].length < length) wholes[i] = new Float64Array(length);
        values = fromU64(values as BigUint64Array, length, wholes[i]);
      }
      if (bitmapAt[i] >= 0) markMissing(values, columns[i], new Uint8Array(bytes, bitmapAt[i]), 0, length);
      return values;
    });
    yield { length, columns: numbers };
  }
}

function markMissing(values: NumberArray, { type }: ArrowColumn, bitmap: Uint8Array, offset: number, length: number): void {
  const missing = type === "u32" ? NONE : type === "u8" ? 0xff : NaN;
  for (let i = 0; i < length; i++) {
    if ((bitmap[(offset + i) >> 3] & (1 << ((offset + i) & 7))) === 0) values[i] = missing;
  }
}

const MAGIC = Buffer.from("ARROW1");

/** An Arrow IPC file begins and ends with the magic: one cut short is told from a whole one before anything is decoded. */
async function checkEnds(file: FileHandle, path: string): Promise<void> {
  const { size } = await file.stat();
  const read = async (position: number): Promise<Buffer> => (await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, position)).buffer;
  if (!MAGIC.equals(await read(0))) throw new InputError(`${path}: is not an Arrow file; write it again`);
  if (size < 2 * MAGIC.length || !MAGIC.equals(await read(size - MAGIC.length)))
    throw new InputError(`${path}: is cut short, its end is missing; write it again`);
}

function indexOf(schema: arrow.Schema, column: ArrowColumn, path: string): number {
  const index = schema.fields.findIndex(({ name }) => name === column.name);
  const type = schema.fields[index]?.type;
  if (type === undefined) throw new InputError(`${path}: has no column "${column.name}"; was it written by another version?`);
  const wanted = TYPES[column.type]();
  if (String(type) !== String(wanted))
    throw new InputError(`${path}: column "${column.name}" is ${type}, not ${wanted}; was it written by another version?`);
  return index;
}
