import { READ, WRITE } from "@tidemark/data/shapes";
import type { ByteFormat, SourceContext } from "../format.ts";
import { MemrefRows } from "../memref-rows.ts";
import { wholeRecords } from "../whole-records.ts";

/** `trace_type_t`: what a record is. */
const READ_TYPE = 0;
const WRITE_TYPE = 1;
const BUNDLE = 17;
const THREAD = 22;
const PID = 24;
const HEADER = 25;
const FOOTER = 26;
const MARKER = 28;
const NO_FETCH = 29;
const FETCHES: ReadonlySet<number> = new Set([10, 11, 12, 13, 14, 15, 16, 30, 31, 48, 49]);
/** Prefetches and flushes of caches. */
const HINTS: ReadonlySet<number> = new Set([
  2, 3, 4, 5, 6, 7, 8, 9, 18, 20, 27, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
]);
/** One more than the last type that there is. */
const TYPES = 50;

/** `trace_marker_type_t`, in the place of a size. */
const TIMESTAMP = 2;
const CPU_ID = 3;
const FILE_TYPE = 9;
const PHYSICAL_ADDRESS = 15;
const NOT_AVAILABLE = 16;
const VIRTUAL_ADDRESS = 17;
const PAGE_SIZE = 18;

/** `offline_file_type_t`, bits. */
const INSTRUCTIONS_ONLY = 0x4;
const FILTERED = 0x1 | 0x80 | 0x100;
const WITH_KERNEL = 0x1000 | 0x4_0000;

/** Accesses of a record at most: a bundle has the lengths of so many instructions in the place of an address. */
const ACCESSES_MAX = 8;
const VERSION_MAX = 1000;

/** Records of DynamoRIO's memory traces. */
export const drmemtrace: ByteFormat = {
  name: "drmemtrace",
  about: "DynamoRIO drmemtrace: binary records of a thread or core (.trace, .trace.gz, .trace.zip)",
  source: "DynamoRIO, clients/drcachesim/common/trace_entry.h and reader/reader.cpp",
  columns: [],
  numbersRows: true,
  order: "exact",
  lacks: ["times are those of the tracer's buffers: behind each, one instruction = 1 ns"],
  sniff: (head) => recordBytes(head) !== undefined,
  async *read(bytes, context) {
    const size = recordBytes(bytes.bytes.subarray(bytes.start, bytes.end));
    if (size === undefined) {
      context.read(1);
      context.reject(1, "", "is no header of drmemtrace (type 25 and a version)");
      return;
    }
    const records = new Records(context, size);
    for await (const to of wholeRecords(bytes, size, context)) {
      while (bytes.start < to) {
        bytes.start = records.read(new DataView(bytes.bytes.buffer, bytes.bytes.byteOffset, to), bytes.start, to);
        yield records.rows.take();
      }
    }
    records.finish();
  },
};

/** 12 bytes; 8 of a 32-bit program, whose addresses have 4. By the header and the type of the record behind it. */
function recordBytes(head: Uint8Array): number | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || view.getUint16(0, true) !== HEADER) return undefined;
  const version = view.getUint32(4, true);
  if (version === 0 || version > VERSION_MAX) return undefined;
  const begins = (at: number): boolean => at + 2 > head.length || [THREAD, PID, MARKER].includes(view.getUint16(at, true));
  if (view.getUint32(8, true) === 0 && begins(12)) return 12;
  return begins(8) && begins(16) ? 8 : undefined;
}

class Records {
  readonly rows: MemrefRows;
  readonly #context: SourceContext;
  readonly #bytes: number;
  #row = 0;
  #type = 0;
  readonly #pidOfThread = new Map<number, number>();
  #thread = 0;

  constructor(context: SourceContext, bytes: number) {
    this.#context = context;
    this.#bytes = bytes;
    this.rows = new MemrefRows(context);
  }

  /** Reads records of `view[from, to)` until the batch must be taken; returns where it stopped. */
  read(view: DataView, from: number, to: number): number {
    const { rows } = this;
    const isWide = this.#bytes === 12;
    let at = from;
    while (at < to && rows.hasRoom(ACCESSES_MAX)) {
      const type = view.getUint16(at, true);
      const size = view.getUint16(at + 2, true);
      const lo = view.getUint32(at + 4, true);
      const hi = isWide ? view.getUint32(at + 8, true) : 0;
      const row = ++this.#row;
      if (type === READ_TYPE || type === WRITE_TYPE) rows.access(row, type === READ_TYPE ? READ : WRITE, hi, lo, size);
      else if (FETCHES.has(type)) rows.fetch(row, hi, lo, size);
      else if (type === BUNDLE) this.#bundle(view, at + 4, size);
      else if (type === MARKER) this.#mark(size, hi, lo);
      else if (type === NO_FETCH) rows.executeAgain();
      else if (type === THREAD || type === PID) this.#switchTo(type, idOf(hi, lo));
      else if (HINTS.has(type)) rows.hints++;
      else if (type >= TYPES) this.#context.reject(row, "", `is no record of drmemtrace (type ${type})`);
      this.#type = type;
      at += this.#bytes;
    }
    return at;
  }

  /** To be called at the end. */
  finish(): void {
    if (this.#type !== FOOTER) this.#context.note("has no footer: it is cut short");
    this.rows.finish();
  }

  /** `count` instructions one behind the other, whose lengths stand at `from`. */
  #bundle(view: DataView, from: number, count: number): void {
    const room = this.#bytes - 4;
    if (count > room) this.#context.reject(this.#row, "", `is a bundle of ${count} instructions, and has room for ${room}`);
    else for (let i = 0; i < count; i++) this.rows.fetchNext(this.#row, view.getUint8(from + i));
  }

  #mark(marker: number, hi: number, lo: number): void {
    const { rows } = this;
    if (marker === TIMESTAMP) rows.timestamp(wide(hi, lo));
    else if (marker === CPU_ID) rows.cpu = lo === 0xffff_ffff ? 0 : lo;
    else if (marker === FILE_TYPE) this.#describe(lo);
    else if (marker === PAGE_SIZE) rows.pageBytes = lo;
    else if (marker === PHYSICAL_ADDRESS) rows.physical = wide(hi, lo);
    else if (marker === VIRTUAL_ADDRESS) rows.map(this.#row, wide(hi, lo));
    else if (marker === NOT_AVAILABLE) rows.map(this.#row, undefined);
  }

  /** A thread is followed by its process where it is told for the first time. */
  #switchTo(type: number, id: number): void {
    if (type === THREAD) this.#thread = id;
    else this.#pidOfThread.set(this.#thread, id);
    this.rows.space = this.#pidOfThread.get(this.#thread) ?? 0;
  }

  #describe(fileType: number): void {
    if ((fileType & WITH_KERNEL) === 0) this.#context.synthesised("user mode of one program: no kernel, no page cache, no other process");
    if ((fileType & INSTRUCTIONS_ONLY) !== 0) this.#context.synthesised("fetches only: reads and writes were not traced");
    if ((fileType & FILTERED) !== 0)
      this.#context.synthesised("filtered accesses: those that hit the tracer's small cache are not there, or not at first");
  }
}

const wide = (hi: number, lo: number): bigint => (BigInt(hi) << 32n) + BigInt(lo);

/** A thread or process; a trace by cores has the workload in the upper half. */
const idOf = (hi: number, lo: number): number => (hi & 0x1f_ffff) * 2 ** 32 + lo;
