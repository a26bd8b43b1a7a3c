import { actionsTable, gapTable, LEDGER_CLASSES, pickTable, timelineTable, type Row, type Run } from "@tidemark/data/shapes";
import { INSTANTS_MAX, SAMPLES_MAX } from "./bounds.ts";
import { recordedInstants, type RecordedInstant } from "./recorded-instants.ts";
import { rowsWhere } from "./rows-where.ts";
import type { ClassShare } from "./ledger-rows.ts";
import type { VmSamples } from "./sampled-instant.ts";
import { lastAtOrBefore, thinned } from "./thin.ts";
import { formatInstant } from "./time-unit.ts";

type Sample = Row<typeof timelineTable.columns>;

/**
 * At most SAMPLES_MAX samples of a VM, spread evenly; among them its peaks, the last that a window of trace follows, and the one
 * after the host's first change of state. And the explained instants: one that lies between samples is a sample itself, in the
 * place of one whose time reads the same, so that a time has one set of figures.
 */
export function vmSamples(run: Run, vm: string): VmSamples {
  const timeline = pickTable(run.tables, timelineTable);
  const all = rowsWhere(timeline, (i) => timeline?.columns.vm[i] === vm);
  const changeNs = firstStateChange(run);
  const { endNs, windowNs } = run.manifest;
  const asked = instantsBetween(run, vm, all);
  const picked = thinned(all, SAMPLES_MAX - asked.length, [
    ...run.manifest.instants.filter((each) => each.vm === vm).map(({ timeNs }) => timeNs),
    ...PEAKS.map((of) => peak(all, of)?.time ?? NaN),
    lastAtOrBefore(
      all.map(({ time }) => time),
      endNs - windowNs,
    ),
    all.find(({ time }) => changeNs !== null && time >= changeNs)?.time ?? NaN,
  ]);
  const read = new Set(asked.map(({ counters }) => formatInstant(counters.time)));
  const rows = [...picked.filter(({ time }) => !read.has(formatInstant(time))), ...asked.map(({ counters }): Sample => counters)].sort(
    (a, b) => a.time - b.time,
  );
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
    classes: sampledClasses(run, vm, rows, asked),
  };
}

/** Instants of a VM that were asked for and lie between its samples, as many as a page shows; each time once. */
function instantsBetween(run: Run, vm: string, all: readonly Sample[]): readonly RecordedInstant[] {
  if (all.length === 0) return [];
  const sampled = new Set(all.map(({ time }) => time));
  const own = recordedInstants(run).filter((each) => each.vm === vm);
  const between = own.slice(0, INSTANTS_MAX).filter(({ counters }) => !sampled.has(counters.time));
  return [...new Map(between.map((each) => [each.counters.time, each])).values()];
}

/** Kinds and owners summed; classes that never hold anything are left out, and of those that are not idle the future. */
function sampledClasses(run: Run, vm: string, rows: readonly Sample[], asked: readonly RecordedInstant[]): VmSamples["classes"] {
  const place = new Map(rows.map(({ time }, i) => [time, i]));
  const gap = pickTable(run.tables, gapTable);
  const sums = new Map(
    LEDGER_CLASSES.map((cls) => [cls as string, { pages: rows.map(() => 0), returns: rows.map(() => 0), notSeenAgain: rows.map(() => 0) }]),
  );
  const add = (share: ClassShare & { readonly time: number }): void => {
    const i = place.get(share.time);
    const sum = sums.get(share.class);
    if (i === undefined || sum === undefined) return;
    sum.pages[i] = (sum.pages[i] ?? 0) + share.pages;
    sum.returns[i] = (sum.returns[i] ?? 0) + share.returns;
    sum.notSeenAgain[i] = (sum.notSeenAgain[i] ?? 0) + share.notSeenAgain;
  };
  for (const row of rowsWhere(gap, (g) => gap?.columns.vm[g] === vm && place.has(gap.columns.time[g] ?? NaN))) add(row);
  for (const { shares } of asked) for (const share of shares) add(share);
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

/** Of what the page leads to the most, or tells of. */
const PEAKS: readonly ((row: Sample) => number)[] = [
  ({ consumed }) => consumed,
  ({ consumed, active }) => consumed - active,
  ({ active }) => active,
  ({ guestUsed }) => (Number.isNaN(guestUsed) ? -1 : guestUsed),
];

/** The first sample of the most. */
const peak = (rows: readonly Sample[], of: (row: Sample) => number): Sample | undefined =>
  rows.reduce<Sample | undefined>((most, row) => (most === undefined || of(row) > of(most) ? row : most), undefined);
