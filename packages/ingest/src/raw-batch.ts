import { BATCH_ROWS, guestBatch, type GuestBatch, NONE, UNKNOWN } from "@tidemark/data/shapes";
import type { RowOrigin } from "./cell-batch.ts";

/** What formats deliver. `vm` numbers a source's own VM names, 0 where a row names none; `row` is the row of `origin`. */
export type RawBatch = RawAccesses | RawGuest | RawContents | RawMeminfo | RawMaps;

interface Raw {
  length: number;
  vm: Uint32Array;
  row: Uint32Array;
  origin: RowOrigin;
}

export interface RawAccesses extends Raw {
  readonly of: "accesses";
  timeNs: Float64Array;
  vcpu: Uint8Array;
  kind: Uint8Array;
  /** NaN where the row names none; undefined where no row does. */
  space: Float64Array | undefined;
  /** VPN, low 32 bits and the rest. */
  vpnLo: Uint32Array;
  vpnHi: Uint32Array;
  /** NONE where the row has no GPA. */
  ppn: Uint32Array;
  count: Uint32Array;
}

/** The columns of a GuestBatch, ordered by time inside their source. */
export interface RawGuest extends Omit<GuestBatch, "vm">, Raw {
  readonly of: "guest";
}

export interface RawContents extends Raw {
  readonly of: "contents";
  ppn: Uint32Array;
  /** NaN: known at the end of the trace. */
  timeNs: Float64Array;
  hash: BigUint64Array;
  /** NONE where unknown. */
  zbytes: Uint32Array;
}

export interface RawMeminfo extends Raw {
  readonly of: "meminfo";
  timeNs: Float64Array;
  counter: string[];
  value: Float64Array;
  unit: string[];
}

/** Where virtual pages lie, all the time: `pages` from `vpn` on, a multiple of it, from `ppn` on. */
export interface RawMaps extends Raw {
  readonly of: "maps";
  vpn: Float64Array;
  ppn: Uint32Array;
  pages: Uint32Array;
}

export type NumberArray = Float64Array | Uint32Array | Uint8Array;

/** A batch's columns in a fixed order, to copy, sort and store rows without naming them. `space` must be there. */
export const accessColumns = (raw: RawAccesses): readonly NumberArray[] => [
  raw.timeNs,
  raw.space ?? NO_SPACE,
  raw.vm,
  raw.row,
  raw.vpnLo,
  raw.vpnHi,
  raw.ppn,
  raw.count,
  raw.vcpu,
  raw.kind,
];
const NO_SPACE = new Float64Array(0);

export const guestColumns = (raw: RawGuest): readonly NumberArray[] => [
  raw.timeNs,
  raw.space,
  raw.vpn,
  raw.value,
  raw.vm,
  raw.row,
  raw.ppn,
  raw.count,
  raw.pid,
  raw.gfp,
  raw.vcpu,
  raw.kind,
  raw.migratetype,
  raw.level,
];

/** Rows of a batch that stand one for one for the rows of their origin. */
export const ROW_NUMBERS = Uint32Array.from({ length: BATCH_ROWS }, (_, i) => i);

const NO_ORIGIN: RowOrigin = { lineOf: (row) => row, textOf: () => "" };

export function rawAccesses(capacity: number, origin: RowOrigin = NO_ORIGIN): RawAccesses {
  return {
    of: "accesses",
    length: 0,
    vm: new Uint32Array(capacity),
    row: new Uint32Array(capacity),
    origin,
    timeNs: new Float64Array(capacity),
    vcpu: new Uint8Array(capacity),
    kind: new Uint8Array(capacity),
    space: new Float64Array(capacity),
    vpnLo: new Uint32Array(capacity),
    vpnHi: new Uint32Array(capacity),
    ppn: new Uint32Array(capacity),
    count: new Uint32Array(capacity),
  };
}

export function rawGuest(capacity: number, origin: RowOrigin = NO_ORIGIN): RawGuest {
  return { ...guestBatch(capacity), of: "guest", vm: new Uint32Array(capacity), row: new Uint32Array(capacity), origin };
}

/** Guest events of one page each, of which nothing more is known than what is put into them. */
export function unknownGuest(capacity: number, origin: RowOrigin = NO_ORIGIN): RawGuest {
  const raw = rawGuest(capacity, origin);
  raw.vpn.fill(NaN);
  for (const column of [raw.ppn, raw.pid, raw.gfp]) column.fill(NONE);
  for (const column of [raw.migratetype, raw.level]) column.fill(UNKNOWN);
  raw.count.fill(1);
  return raw;
}
