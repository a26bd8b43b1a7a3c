import type { ByteFormat, SourceContext } from "../format.ts";
import { DAMON_LACKS, DamonRegions, type DamonRegion } from "../damon-regions.ts";
import { firstRecords } from "../kernel-text.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { textLines } from "../text-lines.ts";
import { parseTimeCell } from "../time-cell.ts";

/** As perf script (with the system's name), trace-cmd report and ftrace print it; addresses and target are decimal. */
const AGGREGATED =
  /\s(\d{1,15}\.(?:\d{6}|\d{9})): +(?:damon:)?damon_aggregated: +target_id=(\d{1,20}) nr_regions=\d+ (\d{1,20})-(\d{1,20}): (\d{1,10})(?: \d+)?$/;
/** Any event, and its name. */
const EVENT = /\s\d{1,15}\.(?:\d{6}|\d{9}): +(\S+):(?: |$)/;
const CPUS = /^cpus=\d+$|^version = \S+$|^CPU \d+ is empty$/;
const EXPECTED = "is no event of DAMON (expected SECONDS: damon_aggregated: target_id=… nr_regions=… START-END: ACCESSES AGE)";

/** DAMON's regions as events of a kernel's trace. */
export const damonEvents: ByteFormat = {
  name: "damon-events",
  about:
    "DAMON's regions as events damon_aggregated in text of perf script, trace-cmd report or ftrace (damo record --output_type perf_script)",
  source: "Linux 6.1 and 6.18, include/trace/events/damon.h; output of perf 6.1 and trace-cmd 3.1.6",
  columns: [],
  order: "windowed",
  lacks: DAMON_LACKS,
  sniff(head) {
    const first = firstRecords(head).find((line) => !CPUS.test(line));
    return first !== undefined && isDamonEvent(first);
  },
  async *read(bytes, context) {
    const regions = new DamonRegions(context);
    let others = 0;
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (text.trim() === "" || text.startsWith("#") || CPUS.test(text)) continue;
        context.read(1);
        const region = regionOf(line, text, context);
        if (typeof region === "object") yield* regions.add(region);
        else if (region === undefined && isOtherEvent(text)) others++;
        else context.reject(line, text, region ?? EXPECTED);
      }
      yield* regions.rest();
    }
    yield* regions.finish();
    if (others > 0) context.note(`not stored: ${others} other events`);
  },
};

/** Whether a line of a kernel's trace is one of DAMON's. */
export const isDamonEvent = (line: string): boolean => AGGREGATED.test(line);

function isOtherEvent(text: string): boolean {
  const name = EVENT.exec(text)?.[1];
  return name !== undefined && name !== "damon_aggregated" && name !== "damon:damon_aggregated";
}

/** The region of a line; what is wrong with its time; undefined: there is none. */
function regionOf(line: number, text: string, context: SourceContext): DamonRegion | string | undefined {
  const [, time, target, start, end, accesses] = AGGREGATED.exec(text) ?? [];
  if (time === undefined) return undefined;
  const timeNs = parseTimeCell(time, 1e9, context.plan.timeOriginNs);
  if (typeof timeNs === "string") return `time ${time} ${timeNs}`;
  return { row: line, text, timeNs, target: targetOf(target), start: Number(start), end: Number(end), accesses: Number(accesses) };
}

/** A target's number; older kernels print a pointer, whose lower 52 bits are kept. */
export function targetOf(text: string): number {
  if (parseNumber(text, false) !== undefined) return 0;
  return (parsed.hi & 0xf_ffff) * 2 ** 32 + parsed.lo;
}
