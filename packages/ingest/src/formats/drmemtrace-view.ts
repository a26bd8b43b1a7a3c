import { READ, WRITE } from "@tidemark/data/shapes";
import type { ByteFormat, SourceContext } from "../format.ts";
import { firstRecords } from "../kernel-text.ts";
import { MemrefRows } from "../memref-rows.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { textLines } from "../text-lines.ts";

/** Record, instruction, workload and thread. */
const RECORD = /^ *\d+ +\d+: +W(\d{1,9})\.T\d+ +(.*)$/;
const ACCESS = /^(ifetch|read|write) +(\d{1,5}) byte\(s\) @ 0x([0-9a-f]{8}|[0-9a-f]{16}) /;
const AGAIN = /^non-fetched +\d+ byte\(s\) @ 0x/;
const HINT = /^(?:pref[-\w]*|iflush|dflush) +\d+ byte\(s\) @ 0x/;
/** A marker; two of them are printed without their end. */
const MARKER = /^<marker: (.*?)>?$/;
const TIMESTAMP = /^timestamp (\d{1,20})$/;
const CORE = /^W\d+\.T\d+ on core (\d{1,6})$/;
const PAGE_SIZE = /^page size (\d{1,12})$/;
const PHYSICAL = /^physical address for following virtual: 0x([0-9a-f]{1,16})$/;
const VIRTUAL = /^virtual address for prior physical: 0x([0-9a-f]{1,16})$/;
const NOT_AVAILABLE = /^physical address not available for 0x/;
/** Events that are told in words, and the rest of an instruction's bytes on a line of its own. */
const BESIDE = /^(?:<thread .* exited>|<entry type \d+>|(?:[0-9a-f]{2} ?)+)$/;
/** Around the records: the headings, dividers, and what the tool prints at the end. */
const FRAME = /^(?:-+|Output format:|<--record#-> .*|View tool results:| *\d+ : total instructions)$/;

/** What the view tool of drmemtrace prints. */
export const drmemtraceView: ByteFormat = {
  name: "drmemtrace-view",
  about: "text of DynamoRIO's view tool (drrun -t drmemtrace -tool view)",
  source: "DynamoRIO, clients/drcachesim/tools/view.cpp and docs/drcachesim.dox.in",
  columns: [],
  order: "exact",
  lacks: [
    "times are those of the tracer's buffers: behind each, one instruction = 1 ns",
    "workloads for address spaces: the view tool prints no processes",
    "user mode of the programs: no kernel, no page cache",
  ],
  sniff(head) {
    const first = firstRecords(head).find((line) => !FRAME.test(line));
    return first !== undefined && RECORD.test(first);
  },
  async *read(bytes, context) {
    const rows = new MemrefRows(context);
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (!rows.hasRoom(1)) yield rows.take();
        readLine(line, text.trimEnd(), rows, context);
      }
      yield rows.take();
    }
    rows.finish();
  },
};

function readLine(line: number, text: string, rows: MemrefRows, context: SourceContext): void {
  if (text === "" || FRAME.test(text)) return;
  context.read(1);
  const [, workload, rest] = RECORD.exec(text) ?? [];
  const access = ACCESS.exec(rest ?? "");
  const marker = MARKER.exec(rest ?? "")?.[1];
  if (access !== null) {
    const [, name, size, address] = access;
    rows.space = Number(workload);
    parseNumber(address, true);
    if (name === "ifetch") rows.fetch(line, parsed.hi, parsed.lo, Number(size));
    else rows.access(line, name === "read" ? READ : WRITE, parsed.hi, parsed.lo, Number(size));
  } else if (marker !== undefined) {
    rows.space = Number(workload);
    mark(line, marker, rows);
  } else if (AGAIN.test(rest ?? "")) rows.executeAgain();
  else if (HINT.test(rest ?? "")) rows.hints++;
  else if (rest === undefined || !BESIDE.test(rest))
    context.reject(line, text, "is no record of the view tool (expected RECORD INSTRUCTION: W0.T1 ifetch, read, write or <marker: …>)");
}

function mark(line: number, marker: string, rows: MemrefRows): void {
  const hex = (found: RegExpExecArray): bigint => BigInt(`0x${found[1]}`);
  const timestamp = TIMESTAMP.exec(marker);
  const core = CORE.exec(marker);
  const pageSize = PAGE_SIZE.exec(marker);
  const physical = PHYSICAL.exec(marker);
  const virtual = VIRTUAL.exec(marker);
  if (timestamp !== null) rows.timestamp(BigInt(timestamp[1]));
  else if (core !== null) rows.cpu = Number(core[1]);
  else if (pageSize !== null) rows.pageBytes = Number(pageSize[1]);
  else if (physical !== null) rows.physical = hex(physical);
  else if (virtual !== null) rows.map(line, hex(virtual));
  else if (NOT_AVAILABLE.test(marker)) rows.map(line, undefined);
}
