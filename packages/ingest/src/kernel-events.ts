import { InputError, NONE } from "@tidemark/data/shapes";
import type { EventRows } from "./event-rows.ts";
import type { SourceContext } from "./format.ts";
import { addVirtual, KERNEL_EVENTS, type EventThread, type KernelEvent, type NotStored } from "./kernel-event-kinds.ts";
import { WordTable } from "./word-table.ts";

/** What stands in front of an event, as its tool writes it; -1: not told. */
export interface EventHead {
  readonly line: number;
  readonly text: string;
  readonly timeNs: number;
  readonly cpu: number;
  readonly comm: string;
  readonly tid: number;
  readonly pid: number;
  /** The process that runs the VM in which the event happened, and the vCPU: of perf's guest events. */
  readonly machinePid: number;
  readonly machineVcpu: number;
}

/** An access that a tool tells in its own words. */
export interface SampledAccess {
  readonly kind: number;
  readonly hi: number;
  readonly lo: number;
  /** NONE: not told. */
  readonly ppn: number;
  /** What such samples cannot say. */
  readonly lacks: string;
}

/** Different names of events that are counted one by one. */
const NAMES_MAX = 1000;
const WHOSE = { machine: "this machine itself", guests: "the VMs that it runs" };
/** The vCPU column is a byte. */
const VCPU_MAX = 0xff;

/** The events of a Linux kernel's trace, whatever tool has written it: turns them into rows, and counts what it leaves. */
export class KernelEvents {
  readonly rows: EventRows;
  readonly #context: SourceContext;
  readonly #vms = new WordTable();
  readonly #threads = new Map<number, EventThread>();
  readonly #threadOfVcpu = new Map<number, number>();
  readonly #notStored = new Map<string, number>();
  #lost = 0;
  /** How many rows there are of each kind of thing that is captured. */
  readonly #captured = new Map<string, number>();
  readonly #lacks = new Set<string>();
  /** The event that has decided whose memory this is about. */
  #decided: { readonly by: string; readonly of: KernelEvent["of"] } | undefined;

  constructor(context: SourceContext, rows: EventRows) {
    this.#context = context;
    this.rows = rows;
    context.vmNames = this.#vms.words;
  }

  /** A tracepoint: `name` as the tool writes it, and its text. */
  add(head: EventHead, name: string, text: string): void {
    const event = KERNEL_EVENTS.get(tracepointOf(name));
    const isNested = head.machinePid >= 0 && event?.of === "guests";
    if (event === undefined || isNested) this.drop(isNested ? `${name} of a guest's guests` : name);
    else if (this.#isOfOneSide(head, name, head.machinePid >= 0 ? "guests" : event.of, event.isBeside === true)) {
      const vcpu = event.of === "guests" ? (/^vcpu (\d{1,6}) /.exec(text)?.[1] ?? /^CPU (\d{1,6})\/KVM$/.exec(head.comm)?.[1]) : undefined;
      const thread = this.#thread(head);
      const result =
        this.#place(head, event.of, vcpu === undefined ? -1 : Number(vcpu)) ??
        event.read(text, this.rows, thread, (tid) => this.#spaceOf(tid));
      this.#settle(head, name, result, event.captures, event.lacks);
    }
  }

  /** An access that is no tracepoint. */
  addSample(head: EventHead, name: string, { kind, hi, lo, ppn, lacks }: SampledAccess): void {
    if (!this.#isOfOneSide(head, name, head.machinePid >= 0 ? "guests" : "machine", false)) return;
    const { tid } = this.#thread(head);
    const result = this.#place(head, "machine", -1) ?? addVirtual(this.rows, kind, this.#spaceOf(tid), hi, lo, ppn);
    this.#settle(head, name, result, "accesses", lacks);
  }

  /** The tool has lost so many events, or more. */
  lost(events: number): void {
    this.#lost += events;
  }

  /** Counts an event that is not stored. */
  drop(what: string): void {
    const name = this.#notStored.has(what) || this.#notStored.size < NAMES_MAX ? what : "others";
    this.#notStored.set(name, (this.#notStored.get(name) ?? 0) + 1);
  }

  /** To be called at the end. */
  finish(): void {
    const left = [...this.#notStored].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([what, n]) => `${n} ${what}`);
    if (left.length > 0) this.#context.note(`not stored: ${left.join("; ")}`);
    if (this.#lost > 0) this.#context.note(`${this.#lost} events or more were lost while tracing: raise the size of the buffers`);
    const { leftBlocks } = this.rows;
    if (leftBlocks > 0)
      this.#context.note(
        `not stored: ${leftBlocks} allocator events, for the accesses beside them do not say in which physical pages they are`,
      );
    for (const [what, rows] of this.#captured) if (what !== "allocator events" || rows > leftBlocks) this.#context.captured(what);
    for (const what of this.#lacks) this.#context.synthesised(what);
    if (this.#captured.size === 0)
      throw new InputError(
        `${this.#context.name}: has no event that says anything of memory (${left.slice(0, 5).join("; ") || "none at all"}); record some of ${[...KERNEL_EVENTS.keys()].join(", ")}`,
      );
  }

  #settle(head: EventHead, name: string, result: NotStored | string | undefined, captures: string, lacks: string | undefined): void {
    if (typeof result === "string") this.#context.reject(head.line, head.text, `${name}: ${result}`);
    else if (result !== undefined) this.drop(`${name}, ${result.notStored}`);
    else {
      this.#captured.set(captures, (this.#captured.get(captures) ?? 0) + 1);
      if (lacks !== undefined) this.#lacks.add(lacks);
    }
  }

  /** A machine's memory and that of the VMs on it have page numbers of their own: a trace is about one of the two. */
  #isOfOneSide(head: EventHead, name: string, of: KernelEvent["of"], isBeside: boolean): boolean {
    if (isBeside && this.#decided?.of !== of) {
      this.drop(name);
      return false;
    }
    this.#decided ??= { by: name, of };
    if (this.#decided.of === of) return true;
    this.#context.reject(
      head.line,
      head.text,
      `${name} is about the memory of ${WHOSE[of]}, and ${this.#decided.by} before it about that of ${WHOSE[this.#decided.of]}; keep one of them (perf script | grep ${name})`,
    );
    return false;
  }

  /** Says of the rows to come when and where they are; returns why they have no place. */
  #place(head: EventHead, of: KernelEvent["of"], vcpu: number): string | undefined {
    const { rows } = this;
    const process = head.machinePid >= 0 ? head.machinePid : of === "guests" ? head.pid : -1;
    const vm = process < 0 ? 0 : this.#vms.codeOf(`kvm-${process}`);
    if (vm < 0) return "is of one more VM than a trace can have";
    if (of === "guests" && process < 0 && vcpu >= 0) {
      const other = this.#threadOfVcpu.get(vcpu) ?? head.tid;
      if (other !== head.tid)
        return `threads ${other} and ${head.tid} both ran a vCPU ${vcpu}, so there are several VMs; tell them apart with perf script -F +pid`;
      this.#threadOfVcpu.set(vcpu, head.tid);
    }
    const cpu = head.machinePid >= 0 ? head.machineVcpu : of === "guests" ? vcpu : head.cpu;
    if (cpu > VCPU_MAX) this.#lacks.add(`vCPUs above ${VCPU_MAX} by number: they count as ${VCPU_MAX}`);
    rows.line = head.line;
    rows.timeNs = head.timeNs;
    rows.vm = vm;
    rows.vcpu = Math.min(Math.max(cpu, 0), VCPU_MAX);
    return undefined;
  }

  #thread({ tid, pid }: EventHead): EventThread {
    let thread = this.#threads.get(tid);
    if (thread === undefined) this.#threads.set(tid, (thread = { tid, pid, faultPpn: NONE }));
    if (pid >= 0) thread.pid = pid;
    return thread;
  }

  #spaceOf(tid: number): number {
    const pid = this.#threads.get(tid)?.pid ?? -1;
    if (pid < 0) this.#lacks.add("threads for address spaces: nothing says which process a thread is of");
    return Math.max(0, pid < 0 ? tid : pid);
  }
}

/** `kmem:mm_page_alloc` → `mm_page_alloc`; perf puts modifiers behind it. */
function tracepointOf(name: string): string {
  const system = name.indexOf(":");
  if (system < 0) return name;
  const modifiers = name.indexOf(":", system + 1);
  return modifiers < 0 ? name.slice(system + 1) : name.slice(system + 1, modifiers);
}
