import { actionsTable, gapTable, LEDGER_CLASSES, pickTable, timelineTable, type Row, type Run } from "@tidemark/data";
import { rowsWhere } from "./explained.ts";
import { SAMPLES_MAX } from "./panel.ts";
import type { VmSamples } from "./sampled-instant.ts";
import { thinned } from "./thin.ts";

type Sample = Row<typeof timelineTable.columns>;

/** At most SAMPLES_MAX samples of a VM, spread evenly; among them its peaks, the explained instants, and the one after the host's first change of state. */
export function vmSamples(run: Run, vm: string): VmSamples {
  const timeline = pickTable(run.tables, timelineTable);
  const all = rowsWhere(timeline, (i) => timeline?.columns.vm[i] === vm);
  const changeNs = firstStateChange(run);
  const rows = thinned(all, SAMPLES_MAX, [
    ...run.manifest.instants.filter((each) => each.vm === vm).map(({ timeNs }) => timeNs),
    ...[peak(all, ({ consumed }) => consumed), peak(all, ({ consumed, active }) => consumed - active)].map((row) => row?.time ?? NaN),
    all.find(({ time }) => changeNs !== null && time >= changeNs)?.time ?? NaN,
  ]);
  const actions = pickTable(run.tables, actionsTable);
  const [stop] = rowsWhere(actions, (i) => actions?.columns.action[i] === "stop" && actions.columns.vm[i] === vm);
  const pages = (of: (row: Sample) => number): (number | null)[] => rows.map((row) => known(of(row)));
  return {
    vm,
    timesNs: rows.map(({ time }) => time),
    offNs: stop?.time ?? null,
    counters: {
      configured: pages((row) => row.configured),
      granted: pages((row) => row.granted),
      consumed: pages((row) => row.consumed),
      active: pages((row) => row.active),
      activewrite: pages((row) => row.activewrite),
      activeReported: pages((row) => row.activeReported),
      guestUsed: pages((row) => row.guestUsed),
      guestOutside: pages((row) => row.guestOutside),
      guestAllocated: pages((row) => row.guestAllocated),
      allocatorUnknown: pages((row) => row.allocatorUnknown),
    },
    classes: sampledClasses(run, vm, rows),
  };
}

/** Kinds summed; classes that never hold anything are left out, and of those that are not idle the future. */
function sampledClasses(run: Run, vm: string, rows: readonly Sample[]): VmSamples["classes"] {
  const place = new Map(rows.map(({ time }, i) => [time, i]));
  const gap = pickTable(run.tables, gapTable);
  const sums = new Map(
    LEDGER_CLASSES.map((cls) => [cls as string, { pages: rows.map(() => 0), returns: rows.map(() => 0), notSeenAgain: rows.map(() => 0) }]),
  );
  const length = gap?.length ?? 0;
  for (let g = 0; g < length; g++) {
    if (gap?.columns.vm[g] !== vm) continue;
    const i = place.get(gap.columns.time[g] ?? NaN);
    const sum = sums.get(gap.columns.class[g] ?? "");
    if (i === undefined || sum === undefined) continue;
    sum.pages[i] = (sum.pages[i] ?? 0) + (gap.columns.pages[g] ?? 0);
    sum.returns[i] = (sum.returns[i] ?? 0) + (gap.columns.returns[g] ?? NaN);
    sum.notSeenAgain[i] = (sum.notSeenAgain[i] ?? 0) + (gap.columns.notSeenAgain[g] ?? NaN);
  }
  const held = [...sums].filter(([, { pages }]) => pages.some((n) => n !== 0));
  return Object.fromEntries(
    held.map(([cls, { pages, returns, notSeenAgain }]) => [
      cls,
      cls.startsWith("idle") ? { pages, returns: returns.map(known), notSeenAgain: notSeenAgain.map(known) } : { pages },
    ]),
  );
}

const known = (n: number): number | null => (Number.isNaN(n) ? null : n);

/** When the host's state first changed; null if it never did. */
export function firstStateChange(run: Run): number | null {
  const actions = pickTable(run.tables, actionsTable);
  const [first] = rowsWhere(actions, (i) => actions?.columns.action[i] === "state");
  return first?.time ?? null;
}

/** The first sample of the most. */
const peak = (rows: readonly Sample[], of: (row: Sample) => number): Sample | undefined =>
  rows.reduce<Sample | undefined>((most, row) => (most === undefined || of(row) > of(most) ? row : most), undefined);
