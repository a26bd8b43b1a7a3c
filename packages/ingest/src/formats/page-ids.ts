import { READ } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { NO_OP, NO_TIME, OBJECTS } from "../lacks.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { firstLines } from "../text-lines.ts";
import { wholeLines } from "../whole-lines.ts";
import { textOf } from "../word-table.ts";

const LF = 10;
/** Decimal digits that a double holds exactly. */
const EXACT_DIGITS = 15;
const ID = /^(\d{1,20}|0x[0-9a-f]{1,16})$/i;
/** A line that parts the traces of LIRS into stretches, and is no access. */
const BREAK = "*";
const NO_ID = "is no page number or object id (expected decimal digits, or 0x and hexadecimal digits)";

/** One page or object per line, and nothing else. */
export const pageIds: ByteFormat = {
  name: "page-ids",
  about: "one page number or object id per line: libCacheSim txt, LIRS traces",
  source: "libCacheSim, traceReader/generalReader/txt.c; LIRS traces of Jiang and Zhang",
  columns: [],
  order: "exact",
  lacks: [NO_TIME, NO_OP, OBJECTS],
  sniff(head) {
    const ids = firstLines(head).filter((line) => line !== BREAK);
    return ids.length > 0 && ids.every((id) => ID.test(id));
  },
  async *read(bytes, context) {
    context.captured("accesses");
    const reader = new IdLines(context);
    for await (const to of wholeLines(bytes)) {
      while (bytes.start < to) {
        bytes.start = reader.read(bytes.bytes, bytes.start, to);
        yield reader.rows.take();
      }
    }
    reader.finish();
  },
};

class IdLines {
  readonly rows = new AccessRows();
  readonly #context: SourceContext;
  #line = 1;
  #accesses = 0;
  #breaks = 0;

  constructor(context: SourceContext) {
    this.#context = context;
  }

  /** Reads the lines of `bytes[from, to)` until the batch is full; returns where it stopped. */
  read(bytes: Buffer, from: number, to: number): number {
    let p = from;
    while (p < to && this.rows.hasRoom(1)) {
      const start = p;
      let id = 0;
      for (let digit = bytes[p] - 48; digit >= 0 && digit <= 9; digit = bytes[++p] - 48) id = id * 10 + digit;
      if (bytes[p] === LF && p > start && p - start <= EXACT_DIGITS) {
        const hi = Math.floor(id / 2 ** 32);
        this.#context.read(1);
        this.rows.addObject(this.#accesses++, this.#line++, READ, hi, id - hi * 2 ** 32);
        p++;
      } else p = this.#readText(bytes, start);
    }
    return p;
  }

  /** Any line; returns where the next one begins. */
  #readText(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    const text = textOf(bytes, from, end);
    const line = this.#line++;
    const id = text.trim();
    if (id === BREAK) this.#breaks++;
    if (id === "" || id === BREAK) return end + 1;
    this.#context.read(1);
    const problem = ID.test(id) ? parseNumber(id, false) : NO_ID;
    if (problem === undefined) this.rows.addObject(this.#accesses++, line, READ, parsed.hi, parsed.lo);
    else this.#context.reject(line, text, `"${id.length > 60 ? `${id.slice(0, 60)}…` : id}" ${problem}`);
    return end + 1;
  }

  finish(): void {
    if (this.#breaks > 0) this.#context.note(`${this.#breaks} lines of one star (stretches of a LIRS trace) are no accesses`);
  }
}
