import { BATCH_ROWS, NONE } from "@tidemark/data/shapes";
import { rawAccesses, type RawAccesses } from "./raw-batch.ts";

/** Largest PPN of a trace. */
const PPN_MAX = NONE - 1;

/** Accesses put together one by one by a format of its own layout. One batch, used again and again. */
export class AccessRows {
  readonly #batch: RawAccesses;
  readonly #spaces: Float64Array;
  /** Rows added since the last `take`. */
  length = 0;
  #space = 0;
  #namesSpaces = false;
  /** vCPU of the accesses that are added from now on. */
  vcpu = 0;

  constructor(batch: RawAccesses = rawAccesses(BATCH_ROWS)) {
    this.#batch = batch;
    this.#spaces = batch.space ?? new Float64Array(BATCH_ROWS);
    this.#batch.count.fill(1);
    this.#batch.ppn.fill(NONE);
  }

  /** Whether accesses to so many more pages fit. */
  hasRoom(pages: number): boolean {
    return this.length + pages <= BATCH_ROWS;
  }

  /** An access to `bytes` bytes at a guest virtual address: a row for every page that they lie in. `row` is its line or number. */
  addVirtual(timeNs: number, row: number, kind: number, hi: number, lo: number, bytes: number): void {
    const last = (lo & 0xfff) + bytes - 1;
    this.addVpn(timeNs, row, kind, hi >>> 12, ((lo >>> 12) | (hi << 20)) >>> 0);
    if (last >= 4096) this.#addRest(timeNs, row, kind, hi, lo, last >>> 12);
  }

  /** The pages of an access behind the first. */
  #addRest(timeNs: number, row: number, kind: number, hi: number, lo: number, more: number): void {
    for (let page = 1; page <= more; page++) {
      const sum = lo + page * 4096;
      const high = hi + Math.floor(sum / 2 ** 32);
      this.addVpn(timeNs, row, kind, high >>> 12, (((sum >>> 0) >>> 12) | (high << 20)) >>> 0);
    }
  }

  /** An access to a virtual page. */
  addVpn(timeNs: number, row: number, kind: number, vpnHi: number, vpnLo: number): void {
    const batch = this.#batch;
    const at = this.length++;
    batch.timeNs[at] = timeNs;
    batch.row[at] = row;
    batch.kind[at] = kind;
    batch.vpnHi[at] = vpnHi;
    batch.vpnLo[at] = vpnLo;
    batch.vcpu[at] = this.vcpu;
    this.#spaces[at] = this.#space;
  }

  /** Address space of the accesses that are added from now on. */
  set space(space: number) {
    this.#space = space;
    if (space !== 0) this.#namesSpaces = true;
  }

  /** An access to an object that has a number and no address: one page. The upper 12 bits of the number are the space. */
  addObject(timeNs: number, row: number, kind: number, hi: number, lo: number): void {
    this.space = hi >>> 20;
    this.addVpn(timeNs, row, kind, hi & 0xf_ffff, lo);
  }

  /** The same at a guest-physical address; each page stands for its own virtual page. Says what is wrong with the address. */
  addPhysical(timeNs: number, row: number, kind: number, address: number, bytes: number): string | undefined {
    const first = Math.floor(address / 4096);
    const last = Math.floor((address + bytes - 1) / 4096);
    if (last > PPN_MAX) return `address 0x${address.toString(16)} is beyond the last page that a trace can name (2^44 bytes)`;
    for (let ppn = first; ppn <= last; ppn++) {
      this.#batch.ppn[this.length] = ppn;
      this.addVpn(timeNs, row, kind, 0, ppn);
    }
    return undefined;
  }

  /** What has been added since the last time; valid until more is added. */
  take(): RawAccesses {
    this.#batch.length = this.length;
    this.#batch.space = this.#namesSpaces ? this.#spaces : undefined;
    this.length = 0;
    return this.#batch;
  }
}
