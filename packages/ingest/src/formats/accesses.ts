import { BATCH_ROWS, FETCH, NONE, READ, WRITE } from "@tidemark/data/shapes";
import type { CellColumn } from "../cell-column.ts";
import type { RowKind } from "../format.ts";
import { rawAccesses, ROW_NUMBERS, type RawAccesses } from "../raw-batch.ts";
import { spreadOverPages } from "../page-crossing.ts";
import { spaceOfCr3 } from "../cr3.ts";

/** Largest PPN and the last byte of its page. */
const PPN_MAX = 2 ** 32 - 2;
const GPA_MAX = 2 ** 44 - 4097;

const OPS = new Map([
  ...["r", "read", "l", "load", "0"].map((word) => [word, READ] as const),
  ...["w", "write", "s", "store", "1"].map((word) => [word, WRITE] as const),
  ...["x", "i", "fetch", "exec", "execute", "ifetch", "2"].map((word) => [word, FETCH] as const),
]);

/** One memory access, or several to one page, per row. */
export const accesses: RowKind = {
  name: "accesses",
  about: "table of memory accesses, one row per access or per page and window",
  source: "Tidemark; also what most tracers can print",
  columns: [
    { name: "time", value: "time", about: "when; without it one row is 1 ns", aliases: ["timestamp", "ts"], filled: true },
    { name: "vm", value: "word", about: "name of the VM", aliases: ["vm_name", "guest"] },
    { name: "vcpu", value: "number", about: "virtual CPU", aliases: [], max: 255 },
    {
      name: "space",
      value: "number",
      about: "guest address space: CR3 or process",
      aliases: ["pid", "cr3", "asid"],
      max: Number.MAX_SAFE_INTEGER,
    },
    {
      name: "gva",
      value: "address",
      about: "guest virtual byte address",
      aliases: ["addr", "address", "vaddr", "va", "virtual_address"],
      filled: true,
    },
    {
      name: "gpa",
      value: "number",
      about: "guest-physical byte address",
      aliases: ["paddr", "pa", "phys_addr", "physical_address"],
      max: GPA_MAX,
    },
    { name: "vpn", value: "number", about: "guest virtual page number, instead of gva", aliases: ["page"], max: 2 ** 52 - 1, filled: true },
    { name: "ppn", value: "number", about: "guest-physical page number, instead of gpa", aliases: ["gpfn", "pfn", "gfn"], max: PPN_MAX },
    { name: "op", value: "word", about: "R, W, X; read, write, fetch; L, S, I", aliases: ["rw", "type", "kind", "access"], words: OPS },
    { name: "count", value: "number", about: "accesses this row stands for", aliases: ["n"], min: 1, max: 2 ** 32 - 1 },
    {
      name: "size",
      value: "number",
      about: "bytes accessed: an access over a page's end is one row per page",
      aliases: ["len", "bytes"],
      max: 1 << 20,
    },
  ],
  recognises: (has) => has("gva") || has("vpn") || has("gpa") || has("ppn"),
  start(column, context) {
    const address = column("gva") ?? column("vpn");
    const physical = column("gpa") ?? column("ppn");
    const [time, vm, vcpu, space, op, count, size] = ["time", "vm", "vcpu", "space", "op", "count", "size"].map(column);
    if (column("gva") !== undefined && column("vpn") !== undefined) context.note("gva is used, vpn is not");
    if (column("gpa") !== undefined && column("ppn") !== undefined) context.note("gpa is used, ppn is not");
    if (address === undefined) context.note("physical addresses only: each guest-physical page stands for its own virtual page");
    if (time === undefined) context.synthesised("no time: one row = 1 ns");
    else if (time.nsPer === 1 && !/_ns$/i.test(time.header))
      context.note(`column ${time.header} names no unit: read as ns unless a value names one`);
    if (op === undefined) context.synthesised("no op: every access is a read");
    context.captured("accesses");
    const isCr3 = space !== undefined && /cr3/i.test(space.header);
    if (address === undefined && physical !== undefined) physical.required = true;
    const own = rawAccesses(BATCH_ROWS);
    own.row = ROW_NUMBERS;
    if (physical === undefined) own.ppn.fill(NONE);
    if (count === undefined) own.count.fill(1);
    const spaces = new Float64Array(space === undefined ? 0 : BATCH_ROWS);
    const raw: RawAccesses = { ...own, space: space === undefined ? undefined : spaces };
    let rows = 0;
    return {
      *take(cells) {
        const { length } = cells;
        raw.length = length;
        raw.origin = cells;
        if (time === undefined) for (let i = 0; i < length; i++) raw.timeNs[i] = rows++;
        else raw.timeNs = time.time;
        if (vm !== undefined) raw.vm = vm.code;
        if (vcpu !== undefined) readSmall(vcpu.lo, vcpu, length, raw.vcpu, 0);
        if (op !== undefined) readSmall(op.code, op, length, raw.kind, READ);
        if (space !== undefined) readSpaces(space, length, isCr3, spaces);
        if (count !== undefined) raw.count = count.anyMissing ? countsOr1(count, length, own.count) : count.lo;
        if (physical !== undefined) readPpns(physical, length, own.ppn);
        if (address !== undefined) readVpns(address, length, own);
        else {
          raw.vpnLo.set(own.ppn.subarray(0, length));
          raw.vpnHi.fill(0, 0, length);
        }
        if (size === undefined) yield raw;
        else yield* spreadOverPages(raw, size, address ?? physical);
      },
    };
  },
};

function readSmall(values: Uint32Array, { anyMissing, missing }: CellColumn, length: number, out: Uint8Array, none: number): void {
  for (let i = 0; i < length; i++) out[i] = values[i];
  if (anyMissing) for (let i = 0; i < length; i++) if (missing[i] === 1) out[i] = none;
}

function readSpaces(space: CellColumn, length: number, isCr3: boolean, out: Float64Array): void {
  const { hi, lo, missing } = space;
  for (let i = 0; i < length; i++) {
    out[i] = missing[i] === 1 ? NaN : isCr3 ? spaceOfCr3(hi[i], lo[i]) : hi[i] * 2 ** 32 + lo[i];
  }
}

function countsOr1({ lo, missing }: CellColumn, length: number, out: Uint32Array): Uint32Array {
  for (let i = 0; i < length; i++) out[i] = missing[i] === 1 ? 1 : lo[i];
  return out;
}

function readPpns({ spec, hi, lo, anyMissing, missing }: CellColumn, length: number, out: Uint32Array): void {
  if (spec.name === "ppn") for (let i = 0; i < length; i++) out[i] = lo[i];
  else for (let i = 0; i < length; i++) out[i] = (lo[i] >>> 12) | (hi[i] << 20);
  if (anyMissing) for (let i = 0; i < length; i++) if (missing[i] === 1) out[i] = NONE;
}

function readVpns({ spec, hi, lo }: CellColumn, length: number, { vpnLo, vpnHi }: RawAccesses): void {
  if (spec.name === "vpn") {
    vpnLo.set(lo.subarray(0, length));
    vpnHi.set(hi.subarray(0, length));
    return;
  }
  for (let i = 0; i < length; i++) {
    vpnLo[i] = (lo[i] >>> 12) | (hi[i] << 20);
    vpnHi[i] = hi[i] >>> 12;
  }
}
