import { BATCH_ROWS, FAULT, INVLPG, InputError, MARK, NONE, SWITCH, WP } from "@tidemark/data/shapes";
import type { ByteWindow } from "../byte-window.ts";
import { spaceOfCr3 } from "../cr3.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { rawAccesses, type RawAccesses, type RawGuest, unknownGuest } from "../raw-batch.ts";
import { wholeRecords } from "../whole-records.ts";

// The file as tools/capture/plugin/record.h describes it.
const MAGIC = "GMTRACE1";
const HEADER_BYTES = 64;
const RECORD_BYTES = 24;
const RECORD_BYTES_AT = 12;
const SLOTS_AT = 16;
const FLAGS_AT = 44;
const HAS_VIRTUAL_CLOCK = 2;
const HAS_CR3 = 4;

const EVENT = 3;
const IO = 8;
const [EV_SYNC, EV_CR3, EV_MARK, EV_INVLPG, EV_IDLE, EV_RESUME, EV_WATCH] = [0, 1, 2, 3, 6, 7, 8];
/** After this marker the guest hands over what it found, and nothing belongs to the capture any more. */
const LAST_MARK = 98;

/** What Tidemark's QEMU plugin writes, runs of accesses merged: order inside a window is lost. */
export const capture = captureFormat(
  "capture",
  "Tidemark's capture plugin: accesses merged by page and window, with the guest's events",
  "windowed",
);

/** The same with every change of page as a record. */
export const captureStrict = captureFormat(
  "capture-strict",
  "Tidemark's capture plugin, strict: accesses in exact order, with the guest's events",
  "exact",
);

function captureFormat(name: string, about: string, order: "exact" | "windowed"): ByteFormat {
  const isOurs = (head: Buffer): boolean => head.length >= HEADER_BYTES && (head.readUInt32LE(SLOTS_AT) === 1) === (order === "exact");
  return {
    name,
    about,
    source: "Tidemark's QEMU capture plugin (tools/capture)",
    columns: [],
    order,
    numbersRows: true,
    lacks: ["no page walks and no device DMA: the emulator does not show them"],
    sniff: (head) => Buffer.from(head).toString("latin1", 0, MAGIC.length) === MAGIC && isOurs(Buffer.from(head)),
    async *read(bytes, context) {
      const { start, end } = bytes;
      const header = bytes.bytes.subarray(start, Math.min(end, start + HEADER_BYTES));
      if (header.toString("latin1", 0, MAGIC.length) !== MAGIC || !isOurs(header) || header.readUInt32LE(RECORD_BYTES_AT) !== RECORD_BYTES)
        throw new InputError(`${context.name}: does not begin as a file of format ${name} does (${MAGIC}, ${RECORD_BYTES} bytes a record)`);
      bytes.start += HEADER_BYTES;
      yield* new CaptureReader(context, header.readUInt32LE(FLAGS_AT)).read(bytes);
    },
  };
}

class CaptureReader {
  readonly #context: SourceContext;
  readonly #hasClock: boolean;
  readonly #accesses: RawAccesses;
  readonly #spaces: Float64Array;
  readonly #events: RawGuest;
  /** Space that each vCPU has loaded; NaN: not known yet. */
  readonly #loaded = new Float64Array(16).fill(NaN);
  readonly #notStored = new Map<string, number>();
  /** Where the guest's clock was set last, in instructions and in ns, and the last time given. */
  #syncClk = 0;
  #syncNs = 0;
  #lastNs = 0;
  #row = 1;
  #hasEnded = false;

  constructor(context: SourceContext, flags: number) {
    this.#context = context;
    this.#hasClock = (flags & HAS_VIRTUAL_CLOCK) !== 0;
    const origin = { lineOf: (row: number) => row, textOf: () => "" };
    this.#spaces = new Float64Array(BATCH_ROWS);
    this.#accesses = { ...rawAccesses(BATCH_ROWS, origin), space: this.#spaces };
    this.#events = unknownGuest(BATCH_ROWS, origin);
    context.captured("accesses");
    context.captured("guest events");
    if (!this.#hasClock) context.synthesised("no clock: one instruction = 1 ns, and sleeps take no time");
    if ((flags & HAS_CR3) === 0) context.synthesised("no address spaces: the emulator did not say what was loaded into CR3");
  }

  /** Accesses and events in the order of the file. What stands before the first setting of the clock waits for it. */
  async *read(bytes: ByteWindow): AsyncGenerator<RawAccesses | RawGuest> {
    let early: Buffer[] | undefined = this.#hasClock ? [] : undefined;
    for await (const to of wholeRecords(bytes, RECORD_BYTES, this.#context)) {
      const part = bytes.bytes.subarray(bytes.start, to);
      bytes.start = to;
      if (early === undefined) yield* this.#records(part);
      else {
        early.push(Buffer.from(part));
        if (!this.#setFirst(part)) continue;
        for (const each of early) yield* this.#records(each);
        early = undefined;
      }
    }
    for (const each of early ?? []) yield* this.#records(each);
    if (this.#accesses.length > 0) yield this.#accesses;
    if (this.#events.length > 0) yield this.#events;
    for (const [what, n] of this.#notStored) this.#context.note(`${what}: ${n}, not stored`);
  }

  /** Sets the clock as the first record does that sets it. Whether there is one. */
  #setFirst(records: Buffer): boolean {
    const view = new DataView(records.buffer, records.byteOffset, records.length);
    for (let at = 0; at < records.length; at += RECORD_BYTES) {
      const key = view.getUint32(at + 8, true);
      if ((key & 3) !== EVENT || !setsClock((key >>> 4) & 15)) continue;
      this.#set(view, at);
      return true;
    }
    return false;
  }

  *#records(records: Buffer): Generator<RawAccesses | RawGuest> {
    const accesses = this.#accesses;
    const events = this.#events;
    const view = new DataView(records.buffer, records.byteOffset, records.length);
    for (let at = 0; at < records.length; at += RECORD_BYTES) {
      const isEvent = (records[at + 8] & 3) === EVENT;
      const [own, other] = isEvent ? [events, accesses] : [accesses, events];
      if (other.length > 0) {
        yield other; // it stands before this one
        other.length = 0;
      }
      if (isEvent) this.#event(view, at);
      else this.#access(view, at);
      this.#row++;
      if (own.length === BATCH_ROWS) {
        yield own;
        own.length = 0;
      }
    }
  }

  #access(view: DataView, at: number): void {
    const key = view.getUint32(at + 8, true);
    const keyHigh = view.getUint32(at + 12, true);
    const ppn = view.getUint32(at + 16, true);
    const count = view.getUint32(at + 20, true);
    if ((key & IO) !== 0) return this.#drop("accesses to devices", count);
    if (ppn === NONE) return this.#drop("accesses whose guest-physical page is not known", count);
    if (count === 0) return this.#context.reject(this.#row, "", "stands for 0 accesses");
    const raw = this.#accesses;
    const i = raw.length++;
    const vcpu = (key >>> 8) & 15;
    raw.timeNs[i] = this.#timeOf(clkAt(view, at));
    raw.vcpu[i] = vcpu;
    raw.kind[i] = key & 3;
    // The kernel's half is mapped in every space alike.
    this.#spaces[i] = keyHigh >>> 31 === 1 ? NaN : this.#loaded[vcpu];
    raw.vpnLo[i] = ((key >>> 12) | (keyHigh << 20)) >>> 0;
    raw.vpnHi[i] = keyHigh >>> 12;
    raw.ppn[i] = ppn;
    raw.count[i] = count;
    raw.row[i] = this.#row;
  }

  #event(view: DataView, at: number): void {
    const key = view.getUint32(at + 8, true);
    const kind = (key >>> 4) & 15;
    const lo = view.getUint32(at + 16, true);
    const hi = view.getUint32(at + 20, true);
    const vcpu = (key >>> 8) & 15;
    const space = spaceOfCr3(hi, lo);
    if (setsClock(kind)) return this.#hasClock ? this.#set(view, at) : undefined;
    if (kind === EV_CR3) this.#loaded[vcpu] = space;
    if (this.#hasEnded) return this.#drop(`events after marker ${LAST_MARK}, off the guest's clock`, 1);
    const known =
      kind === EV_CR3
        ? SWITCH
        : kind === EV_MARK
          ? MARK
          : kind === EV_INVLPG
            ? INVLPG
            : kind === EV_WATCH && lo < 2
              ? lo === 0
                ? FAULT
                : WP
              : -1;
    if (known === -1) return this.#drop("HLT, INVPCID, CR0 and CR4 loads and other watched instructions", 1);
    const raw = this.#events;
    const i = raw.length++;
    raw.timeNs[i] = this.#timeOf(clkAt(view, at));
    raw.vcpu[i] = vcpu;
    raw.kind[i] = known;
    raw.space[i] = kind === EV_CR3 ? space : 0;
    raw.value[i] = kind === EV_CR3 ? space : kind === EV_MARK ? lo : 0;
    raw.row[i] = this.#row;
    this.#hasEnded = kind === EV_MARK && lo === LAST_MARK;
  }

  #drop(what: string, n: number): void {
    this.#notStored.set(what, (this.#notStored.get(what) ?? 0) + n);
  }

  #set(view: DataView, at: number): void {
    this.#syncClk = clkAt(view, at);
    this.#syncNs = view.getUint32(at + 20, true) * 2 ** 32 + view.getUint32(at + 16, true);
  }

  /** An instruction is 1 ns from the last time that the clock was read. It counts a faulting one twice, so it may be ahead: time waits then. */
  #timeOf(clk: number): number {
    return (this.#lastNs = Math.max(this.#lastNs, this.#syncNs + clk - this.#syncClk));
  }
}

const setsClock = (kind: number): boolean => kind === EV_SYNC || kind === EV_IDLE || kind === EV_RESUME;

const clkAt = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
