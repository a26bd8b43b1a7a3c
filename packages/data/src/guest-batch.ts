/** What the guest did besides accessing, in the order of `GUEST_KINDS`. One byte per row. */
export const ALLOC = 0,
  FREE = 1,
  MAP = 2,
  UNMAP = 3,
  SWITCH = 4,
  INVLPG = 5,
  FAULT = 6,
  WP = 7,
  MARK = 8;

/** Names of the guest event kinds; the position is the stored number. */
export const GUEST_KINDS = ["alloc", "free", "map", "unmap", "switch", "invlpg", "fault", "wp", "mark"] as const;

/** An unknown migratetype or level in a Uint8 column. */
export const UNKNOWN = 0xff;

/** Parallel columns, one row per guest event, ordered like accesses; at equal times guest events come first. */
export interface GuestBatch {
  length: number;
  timeNs: Float64Array;
  vm: Uint16Array;
  vcpu: Uint8Array;
  /** ALLOC … MARK. */
  kind: Uint8Array;
  /** Guest address space the event is about (switch: the one loaded); 0 unknown. */
  space: Float64Array;
  /** NaN where the event has none. */
  vpn: Float64Array;
  /** First PPN concerned; NONE where the event has none. */
  ppn: Uint32Array;
  /** Pages concerned (alloc of order 3: 8). */
  count: Uint32Array;
  /** Marker id, CR3 value …: the event's own number. */
  value: Float64Array;
  /** NONE where unknown. */
  pid: Uint32Array;
  /** NONE where unknown. */
  gfp: Uint32Array;
  /** UNKNOWN where unknown. */
  migratetype: Uint8Array;
  /** Page-table level; UNKNOWN where unknown. */
  level: Uint8Array;
}

export function guestBatch(capacity: number): GuestBatch {
  return {
    length: 0,
    timeNs: new Float64Array(capacity),
    vm: new Uint16Array(capacity),
    vcpu: new Uint8Array(capacity),
    kind: new Uint8Array(capacity),
    space: new Float64Array(capacity),
    vpn: new Float64Array(capacity),
    ppn: new Uint32Array(capacity),
    count: new Uint32Array(capacity),
    value: new Float64Array(capacity),
    pid: new Uint32Array(capacity),
    gfp: new Uint32Array(capacity),
    migratetype: new Uint8Array(capacity),
    level: new Uint8Array(capacity),
  };
}
