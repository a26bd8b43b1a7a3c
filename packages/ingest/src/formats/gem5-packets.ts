import { FETCH, InputError, READ, WRITE } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { PHYSICAL_ONLY } from "../lacks.ts";
import { ProtobufFields } from "../protobuf-fields.ts";
import { checkTime } from "../time-cell.ts";

const MAGIC = "gem5";
/** Far more than a packet or the list of requestors in a header has. */
const MESSAGE_MAX = 1 << 20;
/** Most bytes of an access that is taken for one, and pages that they lie in. */
const BYTES_MAX = 1 << 16;
const PAGES_MAX = (BYTES_MAX >> 12) + 1;

/** Fields of `PacketHeader` and `Packet`. */
const TICK_FREQ = 3;
const [TICK, CMD, ADDR, SIZE, FLAGS] = [1, 2, 3, 4, 5];
/** `MemCmd::ReadReq` and `WriteReq`, the only numbers that all versions of gem5 share. */
const READ_REQ = 1;
const WRITE_REQ = 4;
/** `Request::INST_FETCH`. */
const INST_FETCH = 0x100;

/** Memory packets that a probe or monitor of gem5 has seen pass. */
export const gem5Packets: ByteFormat = {
  name: "gem5-packets",
  about: "gem5 packet trace: protobuf messages of a MemTraceProbe or CommMonitor",
  source: "gem5, src/proto/packet.proto, protoio.cc, util/decode_packet_trace.py",
  columns: [],
  numbersRows: true,
  order: "exact",
  lacks: [PHYSICAL_ONLY, "packets at one place of the memory system: what caches before it served is not seen"],
  sniff: (head) => Buffer.from(head.subarray(0, 4)).toString("latin1") === MAGIC,
  async *read(bytes, context) {
    context.captured("accesses");
    bytes.start += MAGIC.length;
    const packets = new Packets(context);
    for (;;) {
      while (packets.addNext(bytes)) if (packets.isFull) yield packets.rows.take();
      if (bytes.atEnd) break;
      await bytes.fill();
    }
    yield packets.rows.take();
    packets.finish(bytes.end - bytes.start);
  },
};

class Packets {
  readonly rows = new AccessRows();
  readonly #context: SourceContext;
  readonly #others = new Map<number, number>();
  readonly #fields = new ProtobufFields();
  #messages = 0;
  #ticksPerNs = NaN;

  constructor(context: SourceContext) {
    this.#context = context;
  }

  get isFull(): boolean {
    return !this.rows.hasRoom(PAGES_MAX);
  }

  /** Takes the message at the start of a window; says whether it is all there. */
  addNext(bytes: ByteWindow): boolean {
    const { value: length, end: from } = this.#fields.varint(bytes.bytes, bytes.start, bytes.end);
    if (length > MESSAGE_MAX)
      throw new InputError(`${this.#context.name}: message ${this.#messages} has ${length} bytes; is this a packet trace, and undamaged?`);
    if (Number.isNaN(length) || from + length > bytes.end) return false;
    this.#fields.read(bytes.bytes, from, from + length);
    bytes.start = from + length;
    if (this.#messages++ === 0) this.#readHeader();
    else {
      this.#context.read(1);
      const problem = this.#addPacket(this.#fields, this.#messages - 1);
      if (problem !== undefined) this.#context.reject(this.#messages - 1, "", problem);
    }
    return true;
  }

  #readHeader(): void {
    this.#ticksPerNs = this.#fields.valueOf(TICK_FREQ) / 1e9;
    if (!(this.#ticksPerNs > 0)) throw new InputError(`${this.#context.name}: its header has no tick frequency; is this a packet trace?`);
  }

  #addPacket(fields: ProtobufFields, number: number): string | undefined {
    if (!fields.areWhole) return "is no message of protobuf";
    const [tick, command, address, size] = [TICK, CMD, ADDR, SIZE].map((field) => fields.valueOf(field));
    if (Number.isNaN(tick + command + address + size)) return "is no packet (expected tick, command, address and size)";
    if (size < 1 || size > BYTES_MAX) return `has ${size} bytes (expected 1 to ${BYTES_MAX})`;
    if (command !== READ_REQ && command !== WRITE_REQ) {
      this.#others.set(command, (this.#others.get(command) ?? 0) + 1);
      return undefined;
    }
    const time = checkTime(Math.floor(tick / this.#ticksPerNs), this.#context.plan.timeOriginNs);
    if (typeof time === "string") return `tick ${tick} ${time}`;
    const isFetch = (fields.valueOf(FLAGS) & INST_FETCH) !== 0;
    return this.rows.addPhysical(time, number, command === WRITE_REQ ? WRITE : isFetch ? FETCH : READ, address, size);
  }

  /** Nothing comes any more but `left` bytes of a message. */
  finish(left: number): void {
    for (const [command, count] of this.#others)
      this.#context.note(
        `${count} packets of command ${command} are not used: only 1 (ReadReq) and 4 (WriteReq) mean the same in all versions of gem5`,
      );
    if (left === 0) return;
    this.#context.read(1);
    this.#context.reject(this.#messages, "", `is cut short: ${left} bytes of a message`);
  }
}
