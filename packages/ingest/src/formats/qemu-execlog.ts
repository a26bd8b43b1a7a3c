import { FETCH, READ, WRITE } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat, SourceContext } from "../format.ts";
import { NO_SIZE, ONE_SPACE, PHYSICAL_ONLY } from "../lacks.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { firstLines, textLines } from "../text-lines.ts";
import { textOf } from "../word-table.ts";

/** vCPU and address of an instruction, its opcode and text, and what follows it. */
const INSTRUCTION = /^(\d{1,3}), (0x[0-9a-f]{1,16}), 0x[0-9a-f]+, "[^"]*"(|, .*)$/;
/** An access behind it. In system mode a device follows, and the address is guest-physical; newer versions append other things. */
const ACCESS = /, (load|store), (0x[0-9a-f]{1,16})(?=,|$)(?:, (?!load,|store,|0x|[^,]* -> )([^,]+))?/g;
const RAM = "RAM";
const VCPU_MAX = 255;
/** Accesses of an instruction at most, and the fetch. */
const ACCESSES_MAX = 4096;

/** One line per instruction that QEMU executes, with its accesses to memory. */
export const qemuExeclog: ByteFormat = {
  name: "qemu-execlog",
  about: "QEMU execlog plugin: one line per instruction, with its loads and stores",
  source: "QEMU 7.2, contrib/plugins/execlog.c; output of the plugin",
  columns: [],
  order: "exact",
  lacks: ["no time: one instruction = 1 ns", NO_SIZE],
  sniff: (head) => INSTRUCTION.test(firstLines(head)[0] ?? ""),
  async *read(bytes, context) {
    context.captured("accesses");
    const log = new ExecLog(context, isSystem(textOf(bytes.bytes, bytes.start, bytes.end)));
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (text.trim() === "") continue;
        context.read(1);
        const problem = log.add(line, text.trimEnd());
        if (problem !== undefined) context.reject(line, text, problem);
        if (log.isFull) yield log.rows.take();
      }
      yield log.rows.take();
    }
    log.finish();
  },
};

/** Whether some access names a device. */
function isSystem(text: string): boolean {
  for (const [, , , device] of text.matchAll(ACCESS)) if (device !== undefined) return true;
  return false;
}

class ExecLog {
  readonly rows = new AccessRows();
  readonly #context: SourceContext;
  readonly #isSystem: boolean;
  #instructions = 0;
  #devices = 0;

  constructor(context: SourceContext, system: boolean) {
    this.#context = context;
    this.#isSystem = system;
    if (system) {
      context.synthesised(PHYSICAL_ONLY);
      context.synthesised("no fetches: of instructions the log has virtual addresses, of loads and stores physical ones");
    } else context.synthesised(ONE_SPACE);
  }

  get isFull(): boolean {
    return !this.rows.hasRoom(ACCESSES_MAX);
  }

  /** Takes a line, or says what is wrong with it. */
  add(line: number, text: string): string | undefined {
    const [, vcpu, address, rest] = INSTRUCTION.exec(text) ?? [];
    if (vcpu === undefined) return 'is no instruction of execlog (expected: vCPU, 0xADDRESS, 0xOPCODE, "TEXT")';
    if (Number(vcpu) > VCPU_MAX) return `vCPU ${vcpu} is more than ${VCPU_MAX}`;
    const accesses = [...rest.matchAll(ACCESS)];
    if (accesses.length >= ACCESSES_MAX) return `has ${accesses.length} accesses (expected fewer than ${ACCESSES_MAX})`;
    const time = this.#instructions++;
    this.rows.vcpu = Number(vcpu);
    if (!this.#isSystem) this.#addVirtual(time, line, FETCH, address);
    for (const [, op, place, device] of accesses) {
      const kind = op === "store" ? WRITE : READ;
      if (!this.#isSystem) this.#addVirtual(time, line, kind, place);
      else if (device === RAM) {
        const problem = this.rows.addPhysical(time, line, kind, Number(place), 1);
        if (problem !== undefined) return problem;
      } else this.#devices++;
    }
    return undefined;
  }

  #addVirtual(time: number, line: number, kind: number, address: string): void {
    parseNumber(address, true);
    this.rows.addVirtual(time, line, kind, parsed.hi, parsed.lo, 1);
  }

  finish(): void {
    if (this.#devices > 0) this.#context.note(`${this.#devices} accesses to devices are not used: they touch no memory`);
  }
}
