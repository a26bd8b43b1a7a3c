import { DAMON_LACKS, DamonRegions, type DamonRegion } from "../damon-regions.ts";
import type { ByteFormat } from "../format.ts";
import { firstRecords } from "../kernel-text.ts";
import { textLines } from "../text-lines.ts";
import { parseTimeCell } from "../time-cell.ts";
import { targetOf } from "./damon-events.ts";

const BASE = /^base_time_absolute:\s+(.+)$/;
const END = /^monitoring_end:\s+(.+)$/;
const TARGET = /^target_id:\s+(\S+)$/;
/** Said once more, or not needed. */
const BESIDE = /^(?:data source|monitoring_start|monitoring_duration|nr_regions):\s|^# /;
const REGION = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) \(.{1,24}\)\s+(\d{1,10})\s+-?\d+$/;
const TIME = /^\d+(?:\.\d+)?$/;
const TIMES = /^(?:[\d,]+(?:\.\d+)? (?:d|h|m|s|ms|us|ns) ?)+$/;
/** Picoseconds of damo's units. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1_000n,
  us: 1_000_000n,
  ms: 1_000_000_000n,
  s: 1_000_000_000_000n,
  m: 60_000_000_000_000n,
  h: 3_600_000_000_000_000n,
  d: 86_400_000_000_000_000n,
};

/** What `damo report access --raw_form` prints. */
export const damoReport: ByteFormat = {
  name: "damo-report",
  about: "text of damo report access --raw_form",
  source: "damo 3.3.0, damo_report_access.py (pr_records_raw_form)",
  columns: [],
  order: "windowed",
  lacks: DAMON_LACKS,
  sniff: (head) => BASE.test(firstRecords(head)[0] ?? ""),
  async *read(bytes, context) {
    const regions = new DamonRegions(context);
    const report = new Report(context.plan.timeOriginNs);
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (text.trim() === "" || BESIDE.test(text)) continue;
        context.read(1);
        const told = report.read(line, text);
        if (typeof told === "string") context.reject(line, text, told);
        else if (told !== undefined) yield* regions.add(told);
      }
      yield* regions.rest();
    }
    yield* regions.finish();
  },
};

/** What the lines of a report say one after the other. */
class Report {
  readonly #originNs: number;
  /** Start of the first snapshot, from which the others' times are counted. */
  #baseNs = 0n;
  /** End of the snapshot whose regions come. */
  #timeNs: number | undefined;
  #target = 0;

  constructor(originNs: number) {
    this.#originNs = originNs;
  }

  /** The region of a line; what is wrong with it; undefined: it says something of the regions to come. */
  read(line: number, text: string): DamonRegion | string | undefined {
    const region = REGION.exec(text);
    if (region !== null) {
      const [, start, end, accesses] = region;
      if (this.#timeNs === undefined) return "is a region before the first monitoring_end";
      const [first, behind] = [Number(`0x${start}`), Number(`0x${end}`)];
      return { row: line, text, timeNs: this.#timeNs, target: this.#target, start: first, end: behind, accesses: Number(accesses) };
    }
    const target = TARGET.exec(text)?.[1];
    if (target !== undefined) this.#target = targetOf(target);
    const base = BASE.exec(text)?.[1];
    const end = END.exec(text)?.[1];
    const time = base ?? end;
    if (time === undefined) return target === undefined ? "is no line of damo report access --raw_form" : undefined;
    const ns = nsOf(time);
    if (ns === undefined) return `"${time}" is no time of damo`;
    if (end === undefined) this.#baseNs = ns;
    else {
      const timeNs = parseTimeCell(String(this.#baseNs + ns), 1, this.#originNs);
      if (typeof timeNs === "string") return `time ${this.#baseNs + ns} ${timeNs}`;
      this.#timeNs = timeNs;
    }
    return undefined;
  }
}

/** `1,234`, `5.364 s`, `6 h 57 m 45.173 s`; a plain number is ns. */
function nsOf(text: string): bigint | undefined {
  if (TIME.test(text)) return BigInt(text.split(".")[0]);
  if (!TIMES.test(text)) return undefined;
  let picoseconds = 0n;
  for (const [, number, unit] of text.matchAll(/([\d,.]+) ([a-z]+)/g)) {
    const [whole, fraction = ""] = number.replaceAll(",", "").split(".");
    const digits = fraction.slice(0, 9);
    picoseconds += (BigInt(whole + digits) * UNITS[unit]) / 10n ** BigInt(digits.length);
  }
  return picoseconds / 1000n;
}
