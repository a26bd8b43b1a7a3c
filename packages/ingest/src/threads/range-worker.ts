import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { fileProblem, InputError } from "@tidemark/data/shapes";
import { ByteWindow } from "../byte-window.ts";
import type { RowLog } from "../format.ts";
import { PlainRows } from "../text-table.ts";
import { LineStarts } from "./line-starts.ts";
import type { RangeJob, RangeReject, RangeSays } from "./range-job.ts";
import { SlotOutput } from "./slot-output.ts";

const port = parentPort;
if (port === null) throw new Error("bug: a thread of ingest was started as a program");
const job: RangeJob = workerData;
const say = (what: RangeSays): void => port.postMessage(what);

let file: number | undefined;
try {
  file = openSync(job.path, "r");
  await readRanges(file);
} catch (error) {
  const known = fileProblem(error, job.path);
  const isInput = known instanceof InputError;
  say({
    of: "failure",
    message: known instanceof Error ? (isInput ? known.message : (known.stack ?? known.message)) : String(known),
    isInput,
  });
} finally {
  if (file !== undefined) closeSync(file);
}

async function readRanges(fd: number): Promise<void> {
  const { name, table, fields, from, to, rangeBytes, thread, threads } = job;
  const plain = new PlainRows({ ...table, line: 0 }, fields);
  plain.fields.forEach((column, f) => {
    if (column !== undefined) column.required = fields[f]?.required === true;
  });
  let rejects: RangeReject[] = [];
  const takeRejects = (): RangeReject[] => rejects.splice(0);
  const log: RowLog = { name, read() {}, short() {}, note() {}, reject: (line, text, reason) => void rejects.push({ line, text, reason }) };
  const scanner = plain.scanner(log);
  const output = new SlotOutput(job, plain.fields, scanner, say);
  const lines = new LineStarts(fd, from, to);
  for (let range = thread; from + range * rangeBytes < to; range += threads) {
    const start = lines.from(from + range * rangeBytes);
    const end = lines.from(from + (range + 1) * rangeBytes);
    let at = start;
    const bytes = new ByteWindow(name, async (into, offset, length) => {
      const got = readSync(fd, into, offset, Math.min(length, end - at), at);
      at += got;
      return got;
    });
    scanner.line = 0;
    scanner.shortRows = 0;
    scanner.clear();
    const rows = plain.rows(bytes, scanner, log);
    let next = await rows.next();
    for (; next.done !== true; next = await rows.next())
      output.send(next.value.length, start + bytes.passed - bytes.bytes.byteOffset, takeRejects());
    const quotedFrom = next.value ? start + bytes.passed + bytes.start : undefined;
    say({ of: "end", rejects: takeRejects(), lines: scanner.line, bytes: end - start, shortRows: scanner.shortRows, quotedFrom });
    if (quotedFrom !== undefined) return;
  }
}
