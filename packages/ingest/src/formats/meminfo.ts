import type { ByteFormat } from "../format.ts";
import type { RawMeminfo } from "../raw-batch.ts";
import { textLines } from "../text-lines.ts";
import { parseTimeCell } from "../time-cell.ts";

const SAMPLE = /^tsc\s+(\S+)\s*$/;
const COUNTER = /^([A-Za-z0-9_()]+):\s+(\d{1,15})(?:\s+([A-Za-z]+))?\s*$/;

/** Samples of the guest's `/proc/meminfo`, each after a line `tsc NANOSECONDS`. */
export const meminfo: ByteFormat = {
  name: "meminfo",
  about: "samples of the guest's /proc/meminfo, each after a line: tsc NANOSECONDS",
  source: "Linux Documentation/filesystems/proc.rst, meminfo",
  columns: [],
  sniff: (head) => /^(\uFEFF)?tsc\s+\d+\s*\r?\n[A-Za-z]+:/.test(Buffer.from(head.subarray(0, 256)).toString("utf8")),
  async *read(bytes, context) {
    context.captured("guest counters");
    let timeNs = NaN;
    for await (const lines of textLines(bytes)) {
      const raw: RawMeminfo = {
        of: "meminfo",
        length: 0,
        vm: new Uint32Array(lines.length),
        row: new Uint32Array(lines.length),
        origin: { lineOf: (row) => row, textOf: () => "" },
        timeNs: new Float64Array(lines.length),
        counter: [],
        value: new Float64Array(lines.length),
        unit: [],
      };
      for (const { line, text } of lines) {
        if (text.trim() === "") continue;
        context.read(1);
        const sample = SAMPLE.exec(text);
        if (sample !== null) {
          const time = parseTimeCell(sample[1], 1, context.plan.timeOriginNs);
          if (typeof time === "string") context.reject(line, text, `"${sample[1]}" ${time}`);
          else if (time < timeNs) context.reject(line, text, `sample at ${time} ns comes after the one at ${timeNs} ns`);
          else timeNs = time;
          continue;
        }
        const counter = COUNTER.exec(text);
        if (counter === null || Number.isNaN(timeNs)) {
          context.reject(line, text, counter === null ? 'is no counter (expected "Name: number kB")' : 'comes before the first "tsc" line');
          continue;
        }
        const at = raw.length++;
        raw.timeNs[at] = timeNs;
        raw.row[at] = line;
        raw.counter.push(counter[1]);
        raw.value[at] = Number(counter[2]);
        raw.unit.push(counter[3] ?? "");
      }
      yield raw;
    }
  },
};
