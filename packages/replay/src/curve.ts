import {
  assert,
  curveBoundTable,
  curveFactsTable,
  curveTable,
  lruCurveTable,
  tableOf,
  type Row,
  type Run,
  type Trace,
} from "@tidemark/data/shapes";
import { competingPages, playTouches, type CompetingPages } from "./curve/competing-pages.ts";
import { enoughOf, kneeOf } from "./curve/knee.ts";
import { unresolvedStatement } from "./curve/unresolved-sizes.ts";
import { policyCurve, type AskedPolicy, type BandPoint, type PolicyCurve } from "./curve/policy-curve.ts";
import { joinedTraces } from "./curve/joined-traces.ts";
import { openGuests, type Guest } from "./guests.ts";
import { pageInsFor, stallsAllowed } from "./rightsize/oracle.ts";
import { recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { spanOf } from "./span.ts";

export interface CurvePlan {
  /** The VMs, of one trace or of several, and the seed of all chance. */
  readonly scenario: Scenario;
  /** Opens the trace by the path the scenario names. */
  readonly open: (path: string) => Trace;
  readonly policies: readonly AskedPolicy[];
  /** Memory sizes in pages; empty: shares of the pages that are accessed. */
  readonly sizes: readonly number[];
  /** Share of the pages that are followed; undefined: all. */
  readonly rate: number | undefined;
  /** Whether the VMs are also taken together, as on one host. */
  readonly shared: boolean;
  /** Misses allowed beyond those with memory for all, as a share of them: what is enough memory? */
  readonly extra: number;
  /** Stalls that Belady's policy may cause where it is asked for, ns, rising; empty: those of `stallsAllowed`. */
  readonly stallsNs: readonly number[];
  /** What a page costs that is read again, ns, above 0. */
  readonly pageInNs: number;
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** Memory sizes where none are given, as shares of the pages that are accessed. */
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Points of a line that is to be drawn. */
const DRAWN = 400;

/** Misses against memory size of the scenario's VMs: a run with the tables of curves alone. The trace is read once. */
export async function curve(plan: CurvePlan): Promise<Run> {
  const { scenario, policies, rate, progress } = plan;
  const traces = new Map([...new Set(scenario.vms.map((vm) => vm.trace))].map((path) => [path, plan.open(path)]));
  const trace = joinedTraces([...traces.values()]);
  const opened = await openGuests(scenario, (path) => withoutPpns(known(traces, path)));
  const guests = numbered(opened, [...traces.keys()], [...traces.values()]);
  const { originNs, endNs } = spanOf(guests);
  const competing = await competingPages(trace, guests, plan.shared);
  const rows = trace.manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  let doneRows = 0;
  const counted: { readonly pages: CompetingPages; readonly curves: readonly PolicyCurve[] }[] = [];
  for (const pages of competing) {
    const sizes = plan.sizes.length > 0 ? plan.sizes : sharesOf(pages.distinct);
    // A sample of all pages is the trace.
    const sampling = rate === undefined || Math.ceil(rate * pages.distinct) >= pages.distinct ? undefined : rate;
    const curves: PolicyCurve[] = [];
    for (const asked of policies) curves.push(await policyCurve(asked, pages, sizes, sampling, scenario.seed));
    counted.push({ pages, curves });
  }
  await playTouches(
    trace,
    guests,
    counted.map(({ pages, curves }) => ({
      pages,
      step(touched, length) {
        for (const { step } of curves) step(touched, length);
      },
    })),
    (length) => progress((doneRows += length), rows),
  );

  const points: Row<typeof curveTable.columns>[] = [];
  const line: Row<typeof lruCurveTable.columns>[] = [];
  const facts: Row<typeof curveFactsTable.columns>[] = [];
  const bound: Row<typeof curveBoundTable.columns>[] = [];
  const stallsNs = stallsAllowed(plan.stallsNs, endNs - originNs);
  const allowed = stallsNs.map((ns) => pageInsFor(ns, plan.pageInNs));
  for (const { pages, curves } of counted) {
    const { vm, references, accesses, distinct } = pages;
    for (const { label, finish } of curves) {
      const answer = finish();
      points.push(...answer.points.map((point) => ({ vm, policy: label, accesses, ...point })));
      line.push(...drawn(answer.all).map((point) => ({ vm, ...point })));
      const known = answer.all.length > 0 ? answer.all : answer.points;
      const knee = kneeOf(known, references, distinct);
      const enough = enoughOf(known, distinct, plan.extra);
      facts.push({
        vm,
        policy: label,
        accesses,
        references,
        distinct,
        sampled: answer.sampledPages,
        knee: knee?.pages ?? NaN,
        kneeMisses: knee?.misses ?? NaN,
        extra: 100 * plan.extra,
        enough: enough?.pages ?? NaN,
        enoughMisses: enough?.misses ?? NaN,
      });
      const least = answer.least?.(allowed) ?? [];
      bound.push(
        ...least.map(({ pages: size, misses }, i) => ({
          vm,
          stall: stallsNs[i],
          pageIn: plan.pageInNs,
          pageIns: misses - distinct,
          pages: size,
        })),
      );
    }
  }
  const unresolved = counted.flatMap(({ pages: { vm } }) =>
    unresolvedStatement(
      vm,
      facts.filter((row) => row.vm === vm),
      points.filter((row) => row.vm === vm),
      bound.filter((row) => row.vm === vm),
    ),
  );
  const spanNs = Math.max(1, endNs - originNs);
  const manifest = recordOf(
    scenario,
    plan.tool,
    guests,
    guests.map(({ name, facts: { accesses } }) => accesses - (competing.find(({ vm }) => vm === name)?.accesses ?? 0)),
    { originNs, endNs, windowNs: spanNs, sampleNs: spanNs },
    "the whole trace: a miss curve has no window",
    guests.map(() => []),
    [...statementsOf(competing, guests), ...unresolved],
  );
  return {
    manifest,
    tables: [tableOf(curveTable, points), tableOf(lruCurveTable, line), tableOf(curveFactsTable, facts), tableOf(curveBoundTable, bound)],
  };
}

function known(traces: ReadonlyMap<string, Trace>, path: string): Trace {
  const trace = traces.get(path);
  assert(trace !== undefined, `${path} was opened`);
  return trace;
}

/** The guests with their VMs' numbers in all the traces joined. */
function numbered(guests: readonly Guest[], paths: readonly string[], traces: readonly Trace[]): readonly Guest[] {
  return guests.map((guest) => {
    const before = traces.slice(0, paths.indexOf(guest.wanted.trace));
    return { ...guest, traced: before.reduce((sum, { manifest }) => sum + manifest.vms.length, guest.traced) };
  });
}

/** The trace for those who ask of its PPNs no more than when there were most: that is not asked of a curve, and they are many. */
function withoutPpns(trace: Trace): Trace {
  const none = { ppn: new Uint32Array(0), firstNs: new Float64Array(0), lastNs: new Float64Array(0) };
  return { ...trace, ppns: async () => trace.manifest.vms.map(() => none) };
}

/** Sizes at the shares, each once. */
const sharesOf = (distinct: number): readonly number[] => [...new Set(SHARES.map((share) => Math.ceil(share * distinct)))];

/** What the figures cannot say. */
function statementsOf(competing: readonly CompetingPages[], guests: Parameters<typeof recordOf>[2]): readonly string[] {
  return guests.flatMap(({ name, facts: { order } }) => {
    const own = competing.find(({ vm }) => vm === name);
    return [
      ...(order === "exact"
        ? []
        : [
            `${name}: ${order === "windowed" ? "the trace is windowed" : "the trace does not say whether it is in exact order"}: if order is lost inside a window, misses at sizes below what a window touches are those of the order in the file`,
          ]),
      ...(own !== undefined && own.accesses > own.references
        ? [`${name}: a row of several accesses is one reference to a policy; the others hit`]
        : []),
    ];
  });
}

/** Enough of the points for a line: evenly spaced, and closer where memory is small. */
function drawn(points: readonly BandPoint[]): readonly BandPoint[] {
  if (points.length <= DRAWN) return points;
  const half = DRAWN / 2;
  const last = points.length - 1;
  const kept = new Set<number>();
  for (let i = 0; i <= half; i++) {
    kept.add(Math.round((i * last) / half));
    kept.add(Math.round((last + 1) ** (i / half)) - 1);
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i]);
}
