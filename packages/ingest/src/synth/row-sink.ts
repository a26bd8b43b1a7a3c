import { BATCH_ROWS } from "@tidemark/data/shapes";
import { rawAccesses, type RawAccesses, type RawGuest, unknownGuest } from "../raw-batch.ts";

/** Who takes full batches; they serve again after the call. */
export interface BatchTaker {
  accesses(raw: RawAccesses): void;
  guest(raw: RawGuest): void;
}

/** What is made up, row by row, in the order of time. */
export class RowSink {
  /** Time of whatever comes next, ns. */
  nowNs = 0;
  rows = 0;
  readonly #taker: BatchTaker;
  readonly #spaces = new Float64Array(BATCH_ROWS);
  readonly #accesses: RawAccesses = { ...rawAccesses(BATCH_ROWS), space: this.#spaces };
  readonly #events = unknownGuest(BATCH_ROWS);

  constructor(taker: BatchTaker) {
    this.#taker = taker;
    this.#accesses.count.fill(1);
  }

  /** `space`: NaN where the address is the kernel's. */
  access(vm: number, kind: number, space: number, vpn: number, ppn: number): void {
    const raw = this.#accesses;
    const i = raw.length++;
    raw.timeNs[i] = this.nowNs;
    raw.vm[i] = vm;
    raw.kind[i] = kind;
    this.#spaces[i] = space;
    raw.vpnLo[i] = vpn >>> 0;
    raw.vpnHi[i] = Math.floor(vpn / 2 ** 32);
    raw.ppn[i] = ppn;
    raw.row[i] = this.rows++;
    if (raw.length === BATCH_ROWS) this.#giveAccesses();
  }

  /** `ppn` and `pid` NONE where the event has none. */
  event(vm: number, kind: number, space: number, ppn: number, count: number, value: number, pid: number): void {
    const raw = this.#events;
    const i = raw.length++;
    raw.timeNs[i] = this.nowNs;
    raw.vm[i] = vm;
    raw.kind[i] = kind;
    raw.space[i] = space;
    raw.ppn[i] = ppn;
    raw.count[i] = count;
    raw.value[i] = value;
    raw.pid[i] = pid;
    raw.row[i] = i;
    if (raw.length === BATCH_ROWS) this.#giveEvents();
  }

  /** After the last row. */
  end(): void {
    this.#giveEvents();
    this.#giveAccesses();
  }

  #giveAccesses(): void {
    if (this.#accesses.length > 0) this.#taker.accesses(this.#accesses);
    this.#accesses.length = 0;
  }

  #giveEvents(): void {
    if (this.#events.length > 0) this.#taker.guest(this.#events);
    this.#events.length = 0;
  }
}
