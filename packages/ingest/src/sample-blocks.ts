import type { ByteWindow } from "./byte-window.ts";
import type { MeasuredSamples } from "./measured-samples.ts";
import { textLines } from "./text-lines.ts";

/** One sample of a text that has a counter per line. */
export interface SampleBlock {
  /** Line that its time stands in. */
  readonly line: number;
  /** ms since 1970, or on the capture's own clock. */
  readonly timeMs: number;
  /** Names as they are written; a name that comes twice has its last value. */
  readonly counters: ReadonlyMap<string, { readonly line: number; readonly text: string }>;
}

const TSC = /^tsc\s+(\d{1,16})$/;

/** ms of a line that says when: `date +%s`, `date -Is`, or `tsc NANOSECONDS` on the capture's own clock. */
export function stampLine(samples: MeasuredSamples, line: number, text: string): number {
  const tsc = TSC.exec(text);
  if (tsc === null) return samples.timeOf(line, text);
  samples.isOwnClock = true;
  return Number(tsc[1]) / 1e6;
}

const COUNTER = /^([A-Za-z_][\w.()]*)\s*[:= ]\s*(-?\d+)(?:\s+[kK]i?B)?$/;

/**
 * Samples that a loop in a shell wrote: a line with the time (`date +%s`, `date -Is`, or `tsc NANOSECONDS`), then a counter per line. `stampCounter`: the
 * counter with the seconds since 1970, for texts without lines of time; a sample without either is left out.
 */
export async function* sampleBlocks(
  bytes: ByteWindow,
  samples: MeasuredSamples,
  stampCounter: string | undefined,
): AsyncGenerator<SampleBlock> {
  let begun: { line: number; timeMs: number; counters: Map<string, { line: number; text: string }> } | undefined;
  const finished = (): SampleBlock | undefined => {
    if (begun === undefined || begun.counters.size === 0) return undefined;
    const stamp = begun.counters.get(stampCounter ?? "");
    if (!Number.isNaN(begun.timeMs)) return begun;
    if (stamp === undefined || stamp.text === "0") return undefined;
    return { ...begun, timeMs: samples.timeOf(stamp.line, stamp.text) };
  };
  for await (const lines of textLines(bytes)) {
    for (const { line, text } of lines) {
      const trimmed = text.trim();
      const counter = COUNTER.exec(trimmed);
      const isStamp = counter === null || TSC.test(trimmed);
      const isNew = trimmed === "" || isStamp || (begun?.counters.has(counter[1] ?? "") ?? false);
      if (isNew && begun !== undefined && begun.counters.size > 0) {
        const whole = finished();
        if (whole !== undefined) yield whole;
        begun = undefined;
      }
      if (trimmed === "") continue;
      if (isStamp) {
        begun = { line, timeMs: stampLine(samples, line, trimmed), counters: new Map() };
      } else {
        begun ??= { line, timeMs: NaN, counters: new Map() };
        begun.counters.set(counter[1] ?? "", { line, text: counter[2] ?? "" });
      }
    }
  }
  const last = finished();
  if (last !== undefined) yield last;
}
