import { FETCH, READ, WRITE } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat } from "../format.ts";
import { NO_SIZE, ONE_SPACE } from "../lacks.ts";
import { wholeRecords } from "../whole-records.ts";

/** Where the operands of an instruction stand, in bytes. ip, is_branch and branch_taken stand at 0, 8 and 9 of both. */
interface Layout {
  readonly bytes: number;
  readonly written: number;
  readonly read: number;
  readonly end: number;
  /** Of a CloudSuite instruction; -1: it has none. */
  readonly asid: number;
}

/** `input_instr` and `cloudsuite_instr`, with the padding of C. */
const LAYOUTS: readonly Layout[] = [
  { bytes: 64, written: 16, read: 32, end: 64, asid: -1 },
  { bytes: 96, written: 24, read: 56, end: 88, asid: 88 },
];

/** Instructions looked at to tell the layout. */
const SNIFFED = 1024;
/** Pages that an instruction touches at most. */
const OPERANDS = 9;

/** One record per instruction, with the addresses it reads and writes. */
export const champsim: ByteFormat = {
  name: "champsim",
  about: "ChampSim: binary instructions with their operands, 64 bytes each (CloudSuite: 96)",
  source: "ChampSim, inc/trace_instruction.h",
  columns: [],
  numbersRows: true,
  order: "exact",
  lacks: ["no time: one instruction = 1 ns", NO_SIZE, ONE_SPACE],
  sniff: (head) => layoutOf(head) !== undefined,
  async *read(bytes, context) {
    context.captured("accesses");
    const layout = layoutOf(bytes.bytes.subarray(bytes.start, bytes.end));
    if (layout === undefined) {
      context.read(1);
      context.reject(1, "", "is no instruction of ChampSim (64 or 96 bytes each)");
      return;
    }
    const rows = new AccessRows();
    let row = 0;
    for await (const to of wholeRecords(bytes, layout.bytes, context)) {
      const view = new DataView(bytes.bytes.buffer, bytes.bytes.byteOffset, to);
      for (let at = bytes.start; at < to; at += layout.bytes) {
        row++;
        if (!isInstruction(view, at, layout)) {
          context.reject(row, "", "is no instruction (expected a flag of a branch of 0 or 1, and canonical addresses)");
          continue;
        }
        if (!rows.hasRoom(OPERANDS)) yield rows.take();
        if (layout.asid >= 0) rows.space = view.getUint16(at + layout.asid, true);
        addOperands(rows, view, at, at + 8, row, FETCH);
        addOperands(rows, view, at + layout.read, at + layout.end, row, READ);
        addOperands(rows, view, at + layout.written, at + layout.read, row, WRITE);
      }
      bytes.start = to;
      yield rows.take();
    }
  },
};

/** Addresses of `view[from, to)`; 0 stands for none. */
function addOperands(rows: AccessRows, view: DataView, from: number, to: number, row: number, kind: number): void {
  for (let at = from; at < to; at += 8) {
    const lo = view.getUint32(at, true);
    const hi = view.getUint32(at + 4, true);
    if ((lo | hi) !== 0) rows.addVirtual(row - 1, row, kind, hi, lo, 1);
  }
}

/** The first layout of which every record is an instruction, and none reads or writes the first page or the last. */
function layoutOf(head: Uint8Array): Layout | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return LAYOUTS.find((layout) => {
    const count = Math.min(SNIFFED, Math.floor(head.length / layout.bytes));
    for (let at = 0; at < count * layout.bytes; at += layout.bytes)
      if (!isInstruction(view, at, layout) || touchesEnds(view, at, layout)) return false;
    return count > 0;
  });
}

function isInstruction(view: DataView, at: number, { written, end }: Layout): boolean {
  const isBranch = view.getUint8(at + 8);
  // What is no branch may have anything for branch_taken: ChampSim's cvp2champsim leaves it as it was.
  if (isBranch > 1 || (isBranch === 1 && view.getUint8(at + 9) > 1)) return false;
  if (view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0) return false;
  if (!isCanonical(view.getUint32(at + 4, true))) return false;
  for (let operand = at + written; operand < at + end; operand += 8) if (!isCanonical(view.getUint32(operand + 4, true))) return false;
  return true;
}

/** Bits 63 to 56 of an address are equal; from its upper half. */
const isCanonical = (hi: number): boolean => hi >>> 24 === 0 || hi >>> 24 === 0xff;

/** Whether an operand lies where programs have no memory: then it is a small number, and the record something else. */
function touchesEnds(view: DataView, at: number, { written, end }: Layout): boolean {
  for (let operand = at + written; operand < at + end; operand += 8) {
    const lo = view.getUint32(operand, true);
    const hi = view.getUint32(operand + 4, true);
    if ((hi === 0 && lo !== 0 && lo < 4096) || (hi === 0xffff_ffff && lo >= 0xffff_f000)) return true;
  }
  return false;
}
