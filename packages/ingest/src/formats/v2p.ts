import { NONE } from "@tidemark/data/shapes";
import type { ByteFormat, SourceContext } from "../format.ts";
import { firstRecords } from "../kernel-text.ts";
import { parsed, parseNumber } from "../number-text.ts";
import type { RawMaps } from "../raw-batch.ts";
import { textLines } from "../text-lines.ts";

const START = /^\s*address_mapping_group\s*\{/;
/** A message begins, one ends, a number, a text. */
const TOKEN = /\s*(?:([a-z_]+)\s*:?\s*(\{)|(\})|([a-z_]+)\s*:\s*(0x[0-9a-fA-F]{1,16}|\d{1,20}|"[^"]*")|#.*$|$)/y;
const PAGE_BYTES_MAX = 2 ** 30;

/** Where the pages of a traced program lay, for the accesses of another input. */
export const v2p: ByteFormat = {
  name: "v2p",
  about: "v2p.textproto of DynamoRIO drmemtrace: the physical address of each page of a traced program",
  source: "DynamoRIO, clients/drcachesim/reader/v2p_reader.cpp and tests/v2p_example.textproto",
  columns: [],
  sniff: (head) => START.test(firstRecords(head)[0] ?? ""),
  async *read(bytes, context) {
    context.captured("guest-physical addresses of pages");
    const reader = new Groups(context);
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) reader.read(line, text);
      yield reader.take();
    }
    reader.finish();
  },
};

/** One mapping at most is on a line or spread over several. */
class Groups {
  readonly #context: SourceContext;
  readonly #open: string[] = [];
  #pageBytes = 4096;
  /** A field that is missing is 0. */
  #virtual = 0;
  #physical = 0;
  #maps: { readonly vpn: number; readonly ppn: number; readonly pages: number; readonly line: number }[] = [];

  constructor(context: SourceContext) {
    this.#context = context;
  }

  read(line: number, text: string): void {
    for (let at = 0; at < text.length;) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (found === null) {
        this.#refuse(line, text, `is no mapping where it says "${text.slice(at).trim().slice(0, 40)}" (expected KEY { … } or KEY: NUMBER)`);
        return;
      }
      const [all, message, brace, end, key, value] = found;
      if (brace !== undefined) this.#begin(message);
      else if (end !== undefined) this.#end(line, text);
      else if (key !== undefined) this.#set(line, text, key, value);
      if (all === "") return;
      at += all.length;
    }
  }

  /** The mappings read since the last time. */
  take(): RawMaps {
    const maps = this.#maps;
    this.#maps = [];
    return {
      of: "maps",
      length: maps.length,
      vm: new Uint32Array(maps.length),
      row: Uint32Array.from(maps, ({ line }) => line),
      origin: { lineOf: (row) => row, textOf: () => "" },
      vpn: Float64Array.from(maps, ({ vpn }) => vpn),
      ppn: Uint32Array.from(maps, ({ ppn }) => ppn),
      pages: Uint32Array.from(maps, ({ pages }) => pages),
    };
  }

  /** To be called at the end. */
  finish(): void {
    if (this.#open.length > 0) this.#context.note(`is cut short: "${this.#open.join(" { ")}" is not closed`);
  }

  #begin(message: string): void {
    this.#open.push(message);
    if (message === "address_mapping_group") this.#pageBytes = 4096;
    this.#virtual = this.#physical = 0;
  }

  #end(line: number, text: string): void {
    const message = this.#open.pop();
    if (message === undefined) this.#refuse(line, text, "closes what is not open");
    if (message !== "address_mapping") return;
    this.#context.read(1);
    const pages = this.#pageBytes / 4096;
    const vpn = Math.floor(this.#virtual / this.#pageBytes) * pages;
    const ppn = Math.floor(this.#physical / this.#pageBytes) * pages;
    if (ppn + pages > NONE)
      this.#context.reject(
        line,
        text,
        `physical address 0x${this.#physical.toString(16)} is beyond the last page that a trace can name (2^44 bytes)`,
      );
    else this.#maps.push({ vpn, ppn, pages, line });
  }

  #set(line: number, text: string, key: string, value: string): void {
    if (value.startsWith('"') || !["page_size", "virtual_address", "physical_address"].includes(key)) return;
    const problem = parseNumber(value, false);
    if (problem !== undefined) {
      this.#refuse(line, text, `${key}: ${value} ${problem}`);
      return;
    }
    const bytes = parsed.hi * 2 ** 32 + parsed.lo;
    // Beginnings of pages are exact in a double.
    const page = parsed.hi * 2 ** 32 + (parsed.lo - (parsed.lo % 4096));
    if (key === "virtual_address") this.#virtual = page;
    else if (key === "physical_address") this.#physical = page;
    else if (bytes >= 4096 && bytes <= PAGE_BYTES_MAX && Math.log2(bytes) % 1 === 0) this.#pageBytes = bytes;
    else this.#refuse(line, text, `page_size: ${value} is no size of a page (expected a power of two of 4096 to ${PAGE_BYTES_MAX})`);
  }

  /** What is wrong in the middle of a mapping counts as one. */
  #refuse(line: number, text: string, reason: string): void {
    this.#context.read(1);
    this.#context.reject(line, text, reason);
  }
}
