import type { ByteFormat, SourceContext } from "../format.ts";
import type { KernelEvents } from "../kernel-events.ts";
import { firstRecords, kernelText } from "../kernel-text.ts";
import { parseTimeCell } from "../time-cell.ts";
import { isDamonEvent } from "./damon-events.ts";

/** Task, thread, its process where `record-tgid` is on, CPU, flags (not with trace-cmd before 3.2), time, event. */
const LINE =
  /^ *(.*)-(\d{1,10}) +(?:\( *(\d+|-+)\) +)?\[(\d{1,5})\] +(?:[^\s:]{4,6} +)?(\d{1,15}\.(?:\d{6}|\d{9})): +([A-Za-z_]\w*):(?: +(.*))?$/;
const CPUS = /^cpus=\d+$|^version = \S+$|^CPU \d+ is empty$/;
const WRITTEN = /^# entries-in-buffer\/entries-written: (\d{1,15})\/(\d{1,15}) /;
const LOST = /^CPU:\d+ \[(?:LOST (?:(\d+) )?EVENTS|(?:(\d+) )?EVENTS DROPPED)\]$/;

/** What ftrace keeps in `trace`, and what `trace-cmd report` prints. */
export const ftrace: ByteFormat = {
  name: "ftrace",
  about: "text of ftrace (trace, trace_pipe) and of trace-cmd report: tracepoints kmem, exceptions, sched, kvm, kvmmmu",
  source: "Linux 6.18, Documentation/trace/ftrace.rst; trace-cmd 3.1.6; output of both",
  columns: [],
  sniff(head) {
    const first = firstRecords(head).find((line) => !CPUS.test(line) && !LOST.test(line));
    return first !== undefined && LINE.test(first) && !isDamonEvent(first);
  },
  read: (bytes, context) => kernelText(bytes, context, readLine),
};

function readLine(line: number, text: string, events: KernelEvents, context: SourceContext): void {
  if (text.trim() === "" || CPUS.test(text)) return;
  if (text.startsWith("#")) {
    const [, kept, written] = WRITTEN.exec(text) ?? [];
    if (kept !== written) events.lost(Number(written) - Number(kept));
    return;
  }
  const lost = LOST.exec(text);
  if (lost !== null) {
    events.lost(Number(lost[1] ?? lost[2] ?? 1));
    return;
  }
  context.read(1);
  const found = LINE.exec(text);
  if (found === null) {
    context.reject(line, text, "is no event of ftrace or trace-cmd report (expected TASK-PID [CPU] SECONDS: EVENT: …)");
    return;
  }
  const [, comm, tid, tgid, cpu, time, event, rest = ""] = found;
  const timeNs = parseTimeCell(time, 1e9, context.plan.timeOriginNs);
  if (typeof timeNs === "string") {
    context.reject(line, text, `time ${time} ${timeNs}`);
    return;
  }
  const pid = tgid === undefined || tgid.startsWith("-") ? -1 : Number(tgid);
  events.add({ line, text, timeNs, cpu: Number(cpu), comm, tid: Number(tid), pid, machinePid: -1, machineVcpu: -1 }, event, rest.trim());
}
