import { InputError, NONE, READ } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { NO_OP, PHYSICAL_ONLY } from "../lacks.ts";
import type { RawAccesses } from "../raw-batch.ts";
import { parseTimeCell } from "../time-cell.ts";
import { textOf } from "../word-table.ts";

const LF = 10;
/** What stands in front of a bitmap: whether it was read after marking or at the end of an interval, when, and its size. */
const HEADING = /^page_idle (marked|read) (\d{1,20}) (\d{1,12})\r?$/;
const HEADING_BYTES_MAX = 64;
/** A bit for every page that a trace can name. */
const BITMAP_BYTES_MAX = NONE / 8;

/** Pairs of idle bitmaps: which pages could be watched, and which of them were still idle later. */
export const idleBitmaps: ByteFormat = {
  name: "idle-bitmaps",
  about: "bitmaps of Linux idle page tracking, each behind a line: page_idle marked|read NANOSECONDS BYTES",
  source: "Linux 6.1, mm/page_idle.c; Documentation/admin-guide/mm/idle_page_tracking.rst",
  columns: [],
  numbersRows: true,
  order: "windowed",
  lacks: [
    PHYSICAL_ONLY,
    NO_OP,
    "accessed bits: at the end of each interval one access stands for all to a page; a page freed or reclaimed in the interval counts as accessed",
    "pages on the kernel's LRU lists only: no kernel memory, no page tables, no device accesses",
  ],
  sniff: (head) => HEADING.test(textOf(head, 0, Math.min(head.length, HEADING_BYTES_MAX)).split("\n", 1)[0]),
  async *read(bytes, context) {
    context.captured("accesses");
    const snapshots = new Snapshots(context);
    for (;;) {
      const heading = await readHeading(bytes, context);
      if (heading === undefined) break;
      yield* snapshots.read(bytes, heading);
    }
  },
};

interface Heading {
  readonly isMarked: boolean;
  readonly time: string;
  readonly size: number;
}

/** The heading at the start of a window; undefined at the end. */
async function readHeading(bytes: ByteWindow, context: SourceContext): Promise<Heading | undefined> {
  if (bytes.end - bytes.start < HEADING_BYTES_MAX && !bytes.atEnd) await bytes.fill();
  if (bytes.start === bytes.end) return undefined;
  const end = bytes.bytes.subarray(bytes.start, Math.min(bytes.end, bytes.start + HEADING_BYTES_MAX)).indexOf(LF);
  const text = end < 0 ? "" : textOf(bytes.bytes, bytes.start, bytes.start + end);
  const [, of, time, size] = HEADING.exec(text) ?? [];
  if (of === undefined)
    throw new InputError(`${context.name}: has no line "page_idle marked|read NANOSECONDS BYTES" where a bitmap should begin`);
  bytes.start += end + 1;
  return { isMarked: of === "marked", time, size: Number(size) };
}

class Snapshots {
  readonly #context: SourceContext;
  readonly #rows = new AccessRows();
  /** The bitmap read after marking; undefined: none was, or its pages have been told apart already. */
  #marked: Buffer | undefined;
  #row = 0;

  constructor(context: SourceContext) {
    this.#context = context;
  }

  /** Reads the bitmap behind its heading. Pages that are marked and no longer idle at the end of the interval are accesses. */
  async *read(bytes: ByteWindow, { isMarked, time, size }: Heading): AsyncGenerator<RawAccesses> {
    if (size === 0 || size > BITMAP_BYTES_MAX)
      throw new InputError(`${this.#context.name}: a bitmap of ${size} bytes (expected 1 to ${BITMAP_BYTES_MAX})`);
    if (isMarked) {
      const marked = Buffer.alloc(size);
      for await (const { piece, done } of pieces(bytes, size)) {
        if (piece === undefined) return this.#cutShort(this.#nextRow(), size - done);
        marked.set(piece, done);
      }
      this.#marked = marked;
      return;
    }
    const row = this.#nextRow();
    const timeNs = parseTimeCell(time, 1, this.#context.plan.timeOriginNs);
    const problem = typeof timeNs === "string" ? `time ${time} ${timeNs}` : this.#mismatch(size);
    if (problem !== undefined) this.#context.reject(row, "", problem);
    const marked = problem === undefined ? this.#marked : undefined;
    this.#marked = undefined;
    for await (const { piece, done } of pieces(bytes, size)) {
      if (piece === undefined) return this.#cutShort(row, size - done);
      if (marked === undefined) continue;
      for (let at = 0; at < piece.length; at++) {
        const accessed = marked[done + at] & ~piece[at];
        if (accessed === 0) continue;
        if (!this.#rows.hasRoom(8)) yield this.#rows.take();
        for (let bit = 0; bit < 8; bit++)
          if (((accessed >> bit) & 1) === 1) this.#rows.addPhysical(Number(timeNs), row, READ, (8 * (done + at) + bit) * 4096, 1);
      }
    }
    yield this.#rows.take();
  }

  #nextRow(): number {
    this.#context.read(1);
    return ++this.#row;
  }

  #mismatch(size: number): string | undefined {
    if (this.#marked === undefined) return "has no bitmap before it that was read after marking";
    return this.#marked.length === size ? undefined : `has ${size} bytes, and the bitmap read after marking ${this.#marked.length}`;
  }

  #cutShort(row: number, missing: number): void {
    this.#context.reject(row, "", `is cut short: ${missing} bytes of a bitmap are missing`);
  }
}

/** The next `size` bytes of a window, and how many came before each piece; a piece that is undefined: the end came first. */
async function* pieces(bytes: ByteWindow, size: number): AsyncGenerator<{ readonly piece: Buffer | undefined; readonly done: number }> {
  for (let done = 0; done < size;) {
    if (bytes.start === bytes.end && !bytes.atEnd) await bytes.fill();
    const length = Math.min(size - done, bytes.end - bytes.start);
    yield { piece: length === 0 ? undefined : bytes.bytes.subarray(bytes.start, bytes.start + length), done };
    if (length === 0) return;
    done += length;
    bytes.start += length;
  }
}
