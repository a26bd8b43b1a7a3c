import type { Trace, TracedPpns } from "@tidemark/data/shapes";

/** The last access of every PPN below the configured size, up to a time of the trace: what the future of a VM's pages is when it is powered off then. */
export async function lastTouchesUntil(
  trace: Trace,
  traced: number,
  configuredPages: number,
  untilNs: number,
): Promise<Pick<TracedPpns, "ppn" | "lastNs">> {
  const last = new Float64Array(configuredPages).fill(NaN);
  for await (const { length, vm, timeNs, ppn } of trace.accesses()) {
    if (length > 0 && timeNs[0] > untilNs) break;
    for (let i = 0; i < length && timeNs[i] <= untilNs; i++) if (vm[i] === traced && ppn[i] < configuredPages) last[ppn[i]] = timeNs[i];
  }
  const ppn = Uint32Array.from(last.keys()).filter((each) => !Number.isNaN(last[each]));
  return { ppn, lastNs: Float64Array.from(ppn, (each) => last[each]) };
}
