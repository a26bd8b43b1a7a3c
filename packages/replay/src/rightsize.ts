import {
  assert,
  estimatesTable,
  formatTime,
  InputError,
  oracleTable,
  oracleTimeTable,
  pickTable,
  rightSizeTable,
  rowsOf,
  tableOf,
  WORKING_SET_OPS,
  workingSetTable,
  type Row,
  type Run,
  type Trace,
} from "@tidemark/data/shapes";
import { competingPages } from "./curve/competing-pages.ts";
import { openGuests, type Guest } from "./guests.ts";
import { replay } from "./replay.ts";
import { oracleRows, oracleTimes, pageInsFor, stallsAllowed } from "./rightsize/oracle.ts";
import { lruCandidates, rightSizes, type Candidate } from "./rightsize/right-sizes.ts";
import { playTimed } from "./rightsize/timed-touches.ts";
import { windowLadder } from "./rightsize/window-ladder.ts";
import { vmNeeds } from "./rightsize/vm-needs.ts";
import { recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { spanOf } from "./span.ts";
import { defaultWindow } from "./window.ts";

export interface RightsizePlan {
  /** VMs of one trace; its estimator and window are those of reported active memory. */
  readonly scenario: Scenario;
  /** Opens the trace by the path the scenario names. */
  readonly open: (path: string) => Trace;
  /** Lengths of working-set windows, ns, rising; empty: those of the ladder, and the window of active memory. */
  readonly windowsNs: readonly number[];
  /** Stalls that the oracle may cause over the whole trace, ns, rising; empty: those of `stallsAllowed`. */
  readonly stallsNs: readonly number[];
  /** What a page costs that is read again, ns, above 0. */
  readonly pageInNs: number;
  /** Misses allowed beyond those with memory for all, as a share of them: what is enough memory? */
  readonly extra: number;
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** 8 bytes each are kept. */
const PAGE_INS_MAX = 1e8;

/** How much memory the scenario's VMs need: working sets, sizes with their price, and what knowing the future would save. The trace is read twice: the estimator's replay is the first. */
export async function rightsize(plan: RightsizePlan): Promise<Run> {
  const { scenario, pageInNs } = plan;
  const [{ trace: path }] = scenario.vms;
  assert(
    scenario.vms.every((vm) => vm.trace === path),
    "VMs of one trace",
  );
  const trace = plan.open(path);
  // What cannot be is refused before the replay, which takes long.
  const guests = await openGuests(scenario, () => trace);
  const { originNs, endNs } = spanOf(guests);
  const spanNs = endNs - originNs;
  const stallsNs = stallsAllowed(plan.stallsNs, spanNs);
  const pageInsMax = pageInsFor(Math.max(0, ...stallsNs), pageInNs);
  if (pageInsMax > PAGE_INS_MAX)
    throw new InputError(
      `a stall of ${formatTime(Math.max(...stallsNs))} is ${pageInsMax.toLocaleString("en-US")} page-ins of ${formatTime(pageInNs)}, more than can be kept; allow less`,
    );
  const competing = await competingPages(trace, guests, false);
  const activeNs = scenario.window ?? defaultWindow(spanNs).windowNs;
  const ladder = windowLadder(spanNs);
  const windows = [...new Set(plan.windowsNs.length > 0 ? plan.windowsNs : [...ladder, activeNs])]
    .filter((ns) => ns < spanNs)
    .sort((a, b) => a - b);
  /** Shorter windows than that of active memory size nothing, unless they were asked for. */
  const sizesFromNs = plan.windowsNs.length > 0 ? 0 : activeNs;
  const needs = competing.map((pages) => vmNeeds(guestOf(guests, pages.vm), pages, windows, originNs, pageInsMax));

  const rows = trace.manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  const estimated = await replay({
    scenario,
    open: () => trace,
    instants: [],
    check: false,
    tool: plan.tool,
    progress: (done, total) => plan.progress(done, 2 * total),
  });
  const { windowNs, windowFrom, sampleNs } = estimated.manifest;
  assert(windowNs === activeNs && estimated.manifest.endNs === endNs, "the replay has the trace's span and the window of its own");
  let doneRows = rows;
  const leastNs = await playTimed(trace, needs, (length) => plan.progress((doneRows += length), 2 * rows));

  const workingSet: Row<typeof workingSetTable.columns>[] = [];
  const rightSize: Row<typeof rightSizeTable.columns>[] = [];
  const oracle: Row<typeof oracleTable.columns>[] = [];
  const oracleTime: Row<typeof oracleTimeTable.columns>[] = [];
  const sampledNs = Array.from({ length: Math.floor(spanNs / sampleNs) + 1 }, (_, k) => originNs + k * sampleNs);
  for (const { guest, pages, finish } of needs) {
    const { name: vm, configuredFrom, configuredPages } = guest;
    const { distinct, references } = pages;
    const { sets, gaps, misses, bound } = finish(endNs);
    WORKING_SET_OPS.forEach((op, o) =>
      workingSet.push(
        ...sets[o].map(({ windowNs: window, meanPages, maxPages, maxNs }) => ({
          vm,
          op,
          window,
          mean: meanPages,
          max: maxPages,
          time: maxNs,
        })),
      ),
    );
    const candidates: readonly Candidate[] = [
      { basis: "configured", windowNs: NaN, pages: configuredFrom === "assumed" ? NaN : configuredPages },
      ...lruCandidates(misses, references, distinct, plan.extra),
      { basis: "live max", windowNs: NaN, pages: bound.enough },
      ...sets[0]
        .filter((set) => set.windowNs >= sizesFromNs && set.windowNs < spanNs)
        .flatMap((set): Candidate[] => [
          { basis: "working set max", windowNs: set.windowNs, pages: set.maxPages },
          { basis: "working set mean", windowNs: set.windowNs, pages: set.meanPages },
        ]),
      ...reportedCandidates(estimated, vm),
    ];
    rightSize.push(...rightSizes(vm, candidates, misses, bound, distinct, pageInNs, plan.extra));
    if (spanNs > 0) oracle.push(...oracleRows(vm, gaps, originNs, endNs, stallsNs, pageInNs, bound));
    oracleTime.push(...oracleTimes(vm, gaps, sampledNs));
  }
  const manifest = recordOf(
    scenario,
    plan.tool,
    guests,
    guests.map(({ name, facts: { accesses } }) => accesses - (competing.find(({ vm }) => vm === name)?.accesses ?? 0)),
    { originNs, endNs, windowNs, sampleNs },
    windowFrom,
    guests.map(() => []),
    [...longWindows(plan.windowsNs, spanNs), ...needs.flatMap(({ guest }, n) => statementsOf(guest, leastNs[n]))],
  );
  return {
    manifest,
    tables: [
      tableOf(workingSetTable, workingSet),
      tableOf(rightSizeTable, rightSize),
      tableOf(oracleTable, oracle),
      tableOf(oracleTimeTable, oracleTime),
    ],
  };
}

function guestOf(guests: readonly Guest[], vm: string): Guest {
  const guest = guests.find(({ name }) => name === vm);
  assert(guest !== undefined, "pages are of a guest");
  return guest;
}

/** Active memory as the reporting estimator would have it, at its largest and on average over the samples from its first figure on. */
function reportedCandidates({ manifest, tables }: Run, vm: string): readonly Candidate[] {
  const table = pickTable(tables, estimatesTable);
  const all = table === undefined ? [] : rowsOf(table);
  const reporting = all[0]?.estimator;
  const reported = all
    .filter((row) => row.vm === vm && row.estimator === reporting && !Number.isNaN(row.reported))
    .map((row) => row.reported);
  if (reported.length === 0) return [];
  const { windowNs } = manifest;
  return [
    { basis: "reported max", windowNs, pages: Math.max(...reported) },
    { basis: "reported mean", windowNs, pages: reported.reduce((sum, pages) => sum + pages, 0) / reported.length },
  ];
}

/** Windows that were asked for and are none. */
function longWindows(windowsNs: readonly number[], spanNs: number): readonly string[] {
  const long = windowsNs.filter((ns) => ns >= spanNs).map(formatTime);
  return long.length === 0 ? [] : [`windows of ${long.join(", ")}: the trace spans ${formatTime(spanNs)}; they are all of it`];
}

/** What the figures cannot say. */
function statementsOf({ name, facts: { order } }: Guest, leastNs: number): readonly string[] {
  const ends =
    "what is touched before the trace begins or after it ends is not known: a page never again touched in the trace may be touched after it";
  if (order === "exact") return [`${name}: ${ends}`];
  const what = order === "windowed" ? "the trace is windowed" : "the trace does not say whether it is in exact order";
  const steps = leastNs === Infinity ? "" : ` (its times lie ${formatTime(leastNs)} apart or more)`;
  return [
    `${name}: ${what}${steps}: if times are those of the capture's windows, touches move by up to one, so that a working set is that of a window longer or shorter by as much; of sizes below what a capture window touches misses are those of the order in the file`,
    `${name}: ${ends}`,
  ];
}
