import {
  actionsTable,
  hostTable,
  latencyTable,
  pickTable,
  reclaimTable,
  stallsTable,
  timelineTable,
  type Run,
} from "@tidemark/data/shapes";
import { rowsWhere } from "../rows-where.ts";
import { panelsOf } from "../panel.ts";
import { latencyOf, type Latency } from "./latency.ts";
import { stateTimes, stateVisits, type StateTime } from "./states.ts";
import { firstTakes, largestTake, takes, type Take } from "./takes.ts";

/** What a host under pressure did, in numbers, from the run's tables alone. Pages and ns. */
export interface HostFindings {
  readonly spanNs: number;
  readonly machinePages: number;
  /** With all VMs: one that stops gives its part back. */
  readonly overheadPages: number;
  /** What the host wants to be free. */
  readonly minFreePages: number;
  /** Free memory below which the host is in a state, and so below which its mechanisms act. */
  readonly thresholds: { readonly clear: number; readonly soft: number; readonly hard: number; readonly low: number };
  readonly states: readonly StateTime[];
  /** The least free memory at a sample or a change of state, and when. */
  readonly leastFreePages: number;
  readonly leastFreeNs: number;
  readonly end: {
    readonly state: string;
    readonly freePages: number;
    /** Granted less consumed: what page sharing saves. */
    readonly savedPages: number;
  };
  /** The first decision to take from each VM that had to give, in that order; and the largest of all. */
  readonly takes: readonly Take[];
  readonly largestTake: Take | undefined;
  readonly vms: readonly VmFindings[];
}

export interface VmFindings {
  readonly vm: string;
  /** When it was powered off; NaN where it was not. */
  readonly stopNs: number;
  readonly balloon: {
    readonly peakPages: number;
    readonly peakNs: number;
    readonly endPages: number;
    /** Pages pinned over the run with memory behind them, and without: these freed nothing. */
    readonly pinnedBackedPages: number;
    readonly pinnedUnbackedPages: number;
    /** Taken from the balloon again by a touch. */
    readonly poppedPages: number;
    readonly guestSwapOutPages: number;
    readonly guestSwapInPages: number;
    readonly doublePagingPages: number;
  };
  readonly zip: { readonly compressedPages: number; readonly peakPages: number; readonly endPages: number; readonly endCachePages: number };
  readonly swap: { readonly outPages: number; readonly inPages: number; readonly peakPages: number; readonly endPages: number };
  /** Pages that were shared, of which in the last moment before they were paged out; and now. */
  readonly sharing: { readonly sharedPages: number; readonly beforeSwapPages: number; readonly endPages: number };
  /** Taken while memory need not be scarce: untouched for long, by feedback of pressure, reported free by the guest. */
  readonly unasked: { readonly proactivePages: number; readonly senpaiPages: number; readonly reportedFreePages: number };
  readonly stallNs: number;
  /** Causes that happened, the dearest first. */
  readonly stalls: readonly Stall[];
  readonly latency: Latency;
}

export interface Stall {
  readonly cause: string;
  readonly events: number;
  readonly ns: number;
}

/** Whether a run has a host on which memory can be scarce. */
export const isOfHost = ({ tables }: Run): boolean => (pickTable(tables, hostTable)?.length ?? 0) > 0;

/** Undefined in a run without a host under pressure. */
export function hostFindings(run: Run): HostFindings | undefined {
  const [host] = panelsOf(run, "run");
  const samples = host?.rows(hostTable) ?? [];
  const last = samples.at(-1);
  if (host === undefined || last === undefined) return undefined;
  const { originNs, endNs, vms } = run.manifest;
  const visits = stateVisits(host);
  const frees = [
    ...samples.map(({ time, free }) => ({ timeNs: time, pages: free })),
    ...visits.flatMap(({ fromNs, freePages }) => (Number.isNaN(freePages) ? [] : [{ timeNs: fromNs, pages: freePages }])),
  ];
  const least = frees.reduce((a, b) => (b.pages < a.pages || (b.pages === a.pages && b.timeNs < a.timeNs) ? b : a));
  const all = takes(host);
  return {
    spanNs: endNs - originNs,
    machinePages: last.machine,
    overheadPages: Math.max(...samples.map(({ overhead }) => overhead)),
    minFreePages: last.minFree,
    thresholds: { clear: last.clear, soft: last.soft, hard: last.hard, low: last.low },
    states: stateTimes(visits),
    leastFreePages: least.pages,
    leastFreeNs: least.timeNs,
    end: { state: last.state, freePages: last.free, savedPages: last.granted - last.consumed },
    takes: firstTakes(all),
    largestTake: largestTake(all),
    vms: vms.map(({ name }) => vmFindings(run, name)),
  };
}

function vmFindings({ tables }: Run, vm: string): VmFindings {
  const [actions, timeline, stalls, latency, reclaim] = [
    pickTable(tables, actionsTable),
    pickTable(tables, timelineTable),
    pickTable(tables, stallsTable),
    pickTable(tables, latencyTable),
    pickTable(tables, reclaimTable),
  ];
  const [stop] = rowsWhere(actions, (i) => actions?.columns.vm[i] === vm && actions.columns.action[i] === "stop");
  const counts = new Map(rowsWhere(reclaim, (i) => reclaim?.columns.vm[i] === vm).map(({ counter, value }) => [counter, value]));
  const counted = (counter: string): number => counts.get(counter) ?? 0;
  const rows = rowsWhere(timeline, (i) => timeline?.columns.vm[i] === vm);
  const last = rows.at(-1);
  const most = (counter: "vmmemctl" | "zipped" | "swapped"): { readonly pages: number; readonly timeNs: number } =>
    rows.reduce((high, row) => (row[counter] > high.pages ? { pages: row[counter], timeNs: row.time } : high), { pages: 0, timeNs: NaN });
  const balloon = most("vmmemctl");
  const causes = lastByCause(rowsWhere(stalls, (i) => stalls?.columns.vm[i] === vm));
  return {
    vm,
    stopNs: stop?.time ?? NaN,
    balloon: {
      peakPages: balloon.pages,
      peakNs: balloon.timeNs,
      endPages: last?.vmmemctl ?? 0,
      pinnedBackedPages: counted("pinnedBacked"),
      pinnedUnbackedPages: counted("pinnedUnbacked"),
      poppedPages: counted("popped"),
      guestSwapOutPages: counted("guestSwapOut"),
      guestSwapInPages: counted("guestSwapIn"),
      doublePagingPages: counted("doublePaging"),
    },
    zip: {
      compressedPages: counted("zipped"),
      peakPages: most("zipped").pages,
      endPages: last?.zipped ?? 0,
      endCachePages: last?.zipCache ?? 0,
    },
    swap: { outPages: counted("swapOut"), inPages: counted("swapIn"), peakPages: most("swapped").pages, endPages: last?.swapped ?? 0 },
    sharing: { sharedPages: counted("shared"), beforeSwapPages: counted("sharedBeforeSwap"), endPages: last?.shared ?? 0 },
    unasked: { proactivePages: counted("proactive"), senpaiPages: counted("senpai"), reportedFreePages: counted("reportedBacked") },
    stallNs: causes.reduce((sum, { ns }) => sum + ns, 0),
    stalls: causes,
    latency: latencyOf(rowsWhere(latency, (i) => latency?.columns.vm[i] === vm)),
  };
}

/** The sums at the end of cumulative rows of one VM, the dearest first. */
export function lastByCause(
  rows: readonly { readonly cause: string; readonly events: number; readonly stall: number }[],
): readonly Stall[] {
  const sums = new Map<string, Stall>();
  for (const { cause, events, stall } of rows) sums.set(cause, { cause, events, ns: stall });
  return [...sums.values()].sort((a, b) => b.ns - a.ns || b.events - a.events);
}
