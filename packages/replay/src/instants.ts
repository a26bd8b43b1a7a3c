import { BLOCK_PAGES, InputError, MARK, formatTime, parseTime, type Trace, type TracedPpns } from "@tidemark/data/shapes";

/** A workload marker of a trace. */
export interface Marker {
  readonly timeNs: number;
  readonly vm: number;
  readonly id: number;
}

/** The markers of a trace's VMs, in order of time. */
export async function markersOf(trace: Trace): Promise<readonly Marker[]> {
  const markers: Marker[] = [];
  for await (const { length, kind, timeNs, vm, value } of trace.guestEvents()) {
    for (let i = 0; i < length; i++) if (kind[i] === MARK) markers.push({ timeNs: timeNs[i], vm: vm[i], id: value[i] });
  }
  return markers;
}

/** The first instant of maximal consumed memory on an uncontended host: the last page or block to be backed. NaN without accesses. */
export function peakOf({ ppn, firstNs }: TracedPpns, configuredPages: number, blockPages: number): number {
  if (blockPages === 1) return firstNs.reduce((peak, t, i) => (ppn[i] < configuredPages && !(t <= peak) ? t : peak), NaN);
  const backedNs = new Map<number, number>();
  for (let i = 0; i < ppn.length; i++) {
    if (ppn[i] >= configuredPages) continue;
    const block = Math.floor(ppn[i] / BLOCK_PAGES);
    const known = backedNs.get(block);
    if (known === undefined || firstNs[i] < known) backedNs.set(block, firstNs[i]);
  }
  let peak = NaN;
  for (const t of backedNs.values()) if (!(t <= peak)) peak = t;
  return peak;
}

/** Whether what `--at` asks for is a time, not a name. */
export const isTime = (asked: string): boolean => asked !== "end" && asked !== "peak" && !/^mark:\d+$/.test(asked);

/** Refuses what `--at` cannot mean in any trace: for a word to the user before the trace is read. */
export function checkInstant(asked: string): void {
  if (isTime(asked)) timeOf(asked);
}

export function timeOf(asked: string): number {
  if (!/^[\d.\s]/.test(asked)) throw new InputError(`--at: "${asked}" is not a time such as 6.5s, nor peak, end or mark:N`);
  return parseTime(asked, "--at");
}

/**
 * The time that `--at` means for one VM: a time, `peak`, `end` (last access of the trace) or `mark:N` (first marker N,
 * the VM's own if it has one, else any VM's).
 */
export function instantOf(
  asked: string,
  vm: { readonly name: string; readonly peakNs: number; readonly markers: readonly Marker[] },
  allMarkers: readonly Marker[],
  originNs: number,
  endNs: number,
): number {
  if (asked === "end") return endNs;
  if (asked === "peak") return Number.isNaN(vm.peakNs) ? endNs : vm.peakNs;
  const mark = /^mark:(\d+)$/.exec(asked);
  if (mark !== null) {
    const id = Number(mark[1]);
    const found = vm.markers.find((m) => m.id === id) ?? allMarkers.find((m) => m.id === id);
    if (found === undefined) {
      const known = [...new Set(allMarkers.map((m) => m.id))];
      throw new InputError(`--at ${asked}: the trace has no such marker; it has ${known.length === 0 ? "none" : known.join(", ")}`);
    }
    if (found.timeNs > endNs)
      throw new InputError(`--at ${asked}: marker ${id} comes after the last access; the trace ends at ${formatTime(endNs)}`);
    return Math.max(found.timeNs, originNs);
  }
  const timeNs = timeOf(asked);
  if (timeNs < originNs || timeNs > endNs) {
    throw new InputError(`--at ${asked}: outside the trace, whose accesses run from ${formatTime(originNs)} to ${formatTime(endNs)}`);
  }
  return timeNs;
}
