import { FETCH, NONE, READ, WRITE } from "@tidemark/data/shapes";
import type { ByteFormat, SourceContext } from "../format.ts";
import { KernelEvents, type EventHead } from "../kernel-events.ts";
import { firstRecords, kernelText } from "../kernel-text.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { parseTimeCell } from "../time-cell.ts";
import { isDamonEvent } from "./damon-events.ts";

/** The time ends the head of a line. */
const TIME = /(?:^|\s)(\d{1,15}\.(?:\d{6}|\d{9})): +/;
const HEAD = /^(?:VM: *(\d{1,10}) )?(?:VCPU:(\d{1,6}) )?(?:(.*) )?(?:(-?\d{1,10})\/)?(-?\d{1,10}) *(?:\[(\d{1,5})\])? *[A-Za-z]*$/;
/** A period may stand in front of an event's name. */
const EVENT = /^(?:\d+ +)?(\S+?):(?= |$)/;
/** Lines of a call chain, below the event. */
const CALLER = /^\s+[0-9a-f]{1,16}\s/;

const PAGE_FAULTS = /^(?:page-faults|faults|minor-faults|major-faults)(?::[a-zA-Z]+)?$/;
/** `faults:u` are page faults of users. */
const TRACEPOINT = /^(?!faults:)[a-z0-9_]+:[a-zA-Z0-9_]+(?::[a-zA-Z]+)?$/;
/** `%16x` behind one space; an instruction's address stands behind two. */
const ADDRESS = /^ (?=[ 0-9a-f]{16}(?: |$)) *([0-9a-f]{1,16})(?= |$)/;
const OPERATION = /\|OP ([A-Z/a-z ]+?)\|/;
/** What a last column of `%16x` looks like, and the sizes of pages that may stand behind it. */
const PHYSICAL = /^(?=.{16}$) +([0-9a-f]{1,15})$/;
const PAGE_SIZES = /(?: (?:\d+[KMGT]|N\/A)){1,2}$/;
/** Below it a PC has firmware and devices; a weight that stands where a physical address would is smaller, too. */
const LOWEST_PHYSICAL = 2 ** 20;

const FAULTS_LACK =
  "page faults only: an access to a page that is mapped already is not there; each counts as a read, for perf does not say whether it wrote";
const SAMPLES_LACK = "sampled accesses: most accesses are not there, and pages between two samples are missed";

/** What `perf script` prints of tracepoints, page faults and memory samples. */
export const perfScript: ByteFormat = {
  name: "perf-script",
  about: "text of perf script: tracepoints (kmem, exceptions, sched, kvm, kvmmmu), page faults and memory samples with their addresses",
  source: "perf 6.1: output of the tool, and tools/perf/builtin-script.c",
  columns: [],
  sniff(head) {
    const [first] = firstRecords(head);
    return first !== undefined && splitLine(first) !== undefined && !isDamonEvent(first);
  },
  read: (bytes, context) => kernelText(bytes, context, readLine),
};

/** What stands before the time. */
type Thread = Pick<EventHead, "comm" | "tid" | "pid" | "cpu" | "machinePid" | "machineVcpu">;

interface Split {
  readonly thread: Thread;
  readonly time: string;
  readonly event: string;
  /** From the colon behind the event's name on. */
  readonly rest: string;
}

function splitLine(text: string): Split | undefined {
  const time = TIME.exec(text);
  if (time === null) return undefined;
  const thread = threadOf(text.slice(0, time.index));
  const behind = text.slice(time.index + time[0].length);
  const event = EVENT.exec(behind);
  return thread === undefined || event === null
    ? undefined
    : { thread, time: time[1], event: event[1], rest: behind.slice(event[0].length) };
}

/** Heads of lines are few and come again and again; of a damaged text not. */
const threads = new Map<string, Thread>();
const THREADS_MAX = 10_000;
const HEAD_MAX = 200;

function threadOf(head: string): Thread | undefined {
  const known = threads.get(head);
  if (known !== undefined) return known;
  // A copy: what is kept of a line would keep all the text that was read with it.
  const own = Buffer.from(head).toString();
  const found = HEAD.exec(own.trimEnd());
  if (found === null) return undefined;
  const [, machinePid, machineVcpu, comm = "", pid, tid, cpu] = found;
  const thread: Thread = {
    cpu: numberOr(cpu),
    comm: comm.trim(),
    tid: Number(tid),
    pid: numberOr(pid),
    machinePid: numberOr(machinePid),
    machineVcpu: numberOr(machineVcpu),
  };
  if (threads.size < THREADS_MAX && own.length <= HEAD_MAX) threads.set(own, thread);
  return thread;
}

function readLine(line: number, text: string, events: KernelEvents, context: SourceContext): void {
  if (text.startsWith("#")) return;
  const split = splitLine(text);
  if (split === undefined && (CALLER.test(text) || text.trim() === "")) return;
  context.read(1);
  if (split === undefined) {
    context.reject(line, text, "is no event of perf script (expected COMM PID [CPU] SECONDS: EVENT: …)");
    return;
  }
  const timeNs = parseTimeCell(split.time, 1e9, context.plan.timeOriginNs);
  if (typeof timeNs === "string") {
    context.reject(line, text, `time ${split.time} ${timeNs}`);
    return;
  }
  const { cpu, comm, tid, pid, machinePid, machineVcpu } = split.thread;
  const head: EventHead = { line, text, timeNs, cpu, comm, tid, pid, machinePid, machineVcpu };
  if (TRACEPOINT.test(split.event)) events.add(head, split.event, split.rest.trim());
  else readSample(head, split.event, split.rest, events);
}

const numberOr = (text: string | undefined): number => (text === undefined ? -1 : Number(text));

/** An event with the address it is about. */
function readSample(head: EventHead, event: string, rest: string, events: KernelEvents): void {
  const address = ADDRESS.exec(rest);
  if (address === null) {
    events.drop(`${event} without an address (perf record -d; perf script -F +addr)`);
    return;
  }
  const operation = OPERATION.exec(rest)?.[1];
  const columns = /[KMGTA]$/.test(rest) ? rest.replace(PAGE_SIZES, "") : rest;
  const physical = PHYSICAL.exec(columns.slice(Math.max(address[0].length, columns.length - 16)))?.[1];
  const ppn = physical === undefined ? NONE : ppnOf(physical);
  if (ppn < 0) {
    events.drop(`${event} whose physical address is 0 or beyond 2^44`);
    return;
  }
  parseNumber(address[1], true);
  const { hi, lo } = parsed;
  const isFault = PAGE_FAULTS.test(event);
  const kind =
    operation === "EXEC"
      ? FETCH
      : operation?.startsWith("STORE") === true || (operation === undefined && /store/i.test(event))
        ? WRITE
        : READ;
  events.addSample(head, event, { kind, hi, lo, ppn, lacks: isFault ? FAULTS_LACK : SAMPLES_LACK });
}

/** NONE: it is no address but a weight; -1: none is known, or it is no memory's. */
function ppnOf(physical: string): number {
  const address = Number(`0x${physical}`);
  const ppn = Math.floor(address / 4096);
  if (address > 0 && address < LOWEST_PHYSICAL) return NONE;
  return address === 0 || ppn >= NONE ? -1 : ppn;
}
