import { BATCH_ROWS, FETCH, READ, WRITE } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { LackeyMemory } from "../lackey-memory.ts";
import { NO_TIME } from "../lacks.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { firstLines } from "../text-lines.ts";
import { wholeLines } from "../whole-lines.ts";
import { textOf } from "../word-table.ts";

const LF = 10;
/** Most bytes of an access that is taken for one, and the pages that so many may lie in. */
const BYTES_MAX = 1 << 20;
const PAGES_MAX = (BYTES_MAX >> 12) + 1;

/** What Valgrind itself writes between the accesses: `==PID==`, `--PID--`, `**PID**`. */
const BANNER = /^(==|--|\*\*)\d+\1/;
const ACCESS = /^(I {2}| [LSM] )([0-9a-f]{1,16}),(\d{1,7})$/i;

/** One line per access of a program under Valgrind. */
export const lackey: ByteFormat = {
  name: "lackey",
  about: "Valgrind lackey: one line per access of a program (--tool=lackey --trace-mem=yes)",
  source: "Valgrind 3.19, lackey/lk_main.c; output of the tool",
  columns: [],
  order: "exact",
  lacks: [
    NO_TIME,
    "one program, all its threads in one address space: no kernel, no page cache, no other process",
    "loads whose value is not used are missing: Valgrind optimises them away",
  ],
  sniff(head) {
    const lines = firstLines(head, 65_536);
    const access = lines.find((line) => !BANNER.test(line));
    return access === undefined ? lines.some((line) => /^==\d+== Lackey/.test(line)) : ACCESS.test(access);
  },
  async *read(bytes, context) {
    context.captured("accesses");
    const reader = new LackeyLines(context);
    bytes.moveTo(reader.text);
    for await (const to of wholeLines(bytes)) {
      while (bytes.start < to) {
        bytes.start = reader.read(bytes.bytes, bytes.start, to);
        yield reader.rows.take();
      }
    }
  },
};

/** Plain lines are read in WebAssembly; what is left, one line in hundreds, as text. */
class LackeyLines {
  readonly #memory = new LackeyMemory();
  readonly rows = new AccessRows(this.#memory.batch);
  /** Where plain lines can be read. */
  readonly text = this.#memory.text;
  readonly #context: SourceContext;
  #line = 1;
  #accesses = 0;

  constructor(context: SourceContext) {
    this.#context = context;
  }

  /** Reads the lines of `bytes[from, to)` until the batch is full; returns where it stopped. */
  read(bytes: Buffer, from: number, to: number): number {
    let p = from;
    while (p < to && this.rows.hasRoom(2 * PAGES_MAX)) {
      if (bytes.buffer === this.text.buffer) p = this.#readPlain(bytes, p, to);
      if (p < to && this.rows.hasRoom(2 * PAGES_MAX)) p = this.#readLine(bytes, p);
    }
    return p;
  }

  #readPlain(bytes: Buffer, from: number, to: number): number {
    const { exports, columns } = this.#memory;
    const base = bytes.byteOffset;
    const end = exports.read(base + from, base + to, this.rows.length, BATCH_ROWS, this.#line, this.#accesses, columns);
    this.rows.length = exports.readRows();
    const lines = exports.readLines();
    this.#line += lines;
    this.#accesses += lines;
    this.#context.read(lines);
    return end - base;
  }

  /** Any line; returns where the next one begins. */
  #readLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    const text = textOf(bytes, from, end).trimEnd();
    const line = this.#line++;
    if (text === "" || BANNER.test(text)) return end + 1;
    this.#context.read(1);
    const [, kind, address, bytesText] = ACCESS.exec(text) ?? [];
    const size = Number(bytesText);
    if (kind === undefined || size < 1 || size > BYTES_MAX) {
      this.#context.reject(
        line,
        text,
        'is no access of lackey (expected "I  ADDR,SIZE", " L ADDR,SIZE", " S ADDR,SIZE" or " M ADDR,SIZE")',
      );
      return end + 1;
    }
    parseNumber(address, true);
    const time = this.#accesses++;
    const letter = kind.trim();
    if (letter !== "S") this.rows.addVirtual(time, line, letter === "I" ? FETCH : READ, parsed.hi, parsed.lo, size);
    if (letter === "S" || letter === "M") this.rows.addVirtual(time, line, WRITE, parsed.hi, parsed.lo, size);
    return end + 1;
  }
}
