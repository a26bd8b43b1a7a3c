/** What an access did. One byte per row. */
export const READ = 0,
  WRITE = 1,
  FETCH = 2;

/** "No number": an absent PPN, pid or gfp in a Uint32 column. */
export const NONE = 0xffff_ffff;

/** Rows of a full batch, in memory and in Arrow files. */
export const BATCH_ROWS = 65_536;

/**
 * Parallel columns, one row per access, ordered by (time, vm, source order). Rows past `length` are stale.
 * The producer reuses the batch and may swap its arrays: whoever keeps data copies it.
 */
export interface AccessBatch {
  length: number;
  /** ns since the source's own zero; exact below 2^53 (104 days). */
  timeNs: Float64Array;
  /** Index into the trace's VMs. */
  vm: Uint16Array;
  vcpu: Uint8Array;
  /** READ, WRITE or FETCH. */
  kind: Uint8Array;
  /** Dense number of a (space, VPN) within its VM, in order of first touch. */
  page: Uint32Array;
  /** Guest-physical page number. In a VM without captured PPNs it equals `page`: first-touch order. */
  ppn: Uint32Array;
  /** Coalesced accesses, at least 1. */
  count: Uint32Array;
}

export function accessBatch(capacity: number): AccessBatch {
  return {
    length: 0,
    timeNs: new Float64Array(capacity),
    vm: new Uint16Array(capacity),
    vcpu: new Uint8Array(capacity),
    kind: new Uint8Array(capacity),
    page: new Uint32Array(capacity),
    ppn: new Uint32Array(capacity),
    count: new Uint32Array(capacity),
  };
}
