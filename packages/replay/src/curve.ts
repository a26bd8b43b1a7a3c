import { assert, curveFactsTable, curveTable, lruCurveTable, tableOf, type Row, type Run, type Trace } from "@tidemark/data";
import { competingPages, playTouches, type CompetingPages, type TouchPlayer } from "./curve/competing-pages.ts";
import { enoughOf, kneeOf } from "./curve/knee.ts";
import { nextUses } from "./curve/next-uses.ts";
import { policyCurve, type AskedPolicy, type BandPoint, type PolicyCurve } from "./curve/policy-curve.ts";
import { openGuests } from "./guests.ts";
import { recordOf } from "./run-record.ts";
import type { Scenario } from "./scenario.ts";
import { spanOf } from "./span.ts";

export interface CurvePlan {
  /** VMs of one trace, and the seed of all chance. */
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
  /** Goes into the manifest. */
  readonly tool: string;
  readonly progress: (doneRows: number, totalRows: number) => void;
}

/** Memory sizes where none are given, as shares of the pages that are accessed. */
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Points of a line that is to be drawn. */
const DRAWN = 400;

/** Misses against memory size of the scenario's VMs: a run with the tables of curves alone. The trace is read once; twice where a policy sees the future. */
export async function curve(plan: CurvePlan): Promise<Run> {
  const { scenario, policies, rate, progress } = plan;
  const [{ trace: path }] = scenario.vms;
  assert(
    scenario.vms.every((vm) => vm.trace === path),
    "VMs of one trace",
  );
  const trace = plan.open(path);
  const guests = await openGuests(scenario, () => withoutPpns(trace));
  const { originNs, endNs } = spanOf(guests);
  const competing = await competingPages(trace, guests, plan.shared);
  const rows = trace.manifest.vms.reduce((sum, vm) => sum + vm.rows, 0);
  const seesFuture = policies.some(({ policy }) => policy.sees === "future");
  const totalRows = seesFuture ? 2 * rows : rows;
  let doneRows = 0;
  const read = (players: readonly TouchPlayer[]): Promise<void> =>
    playTouches(trace, guests, players, (length) => progress((doneRows += length), totalRows));

  const futures = seesFuture ? competing.map((pages) => ({ pages, ...nextUses(pages.pageCount, pages.references) })) : [];
  if (seesFuture) await read(futures);
  const counted: { readonly pages: CompetingPages; readonly curves: readonly PolicyCurve[] }[] = [];
  for (const [c, pages] of competing.entries()) {
    const sizes = plan.sizes.length > 0 ? plan.sizes : sharesOf(pages.distinct);
    const curves: PolicyCurve[] = [];
    for (const asked of policies) curves.push(await policyCurve(asked, pages, sizes, rate, scenario.seed, futures[c]?.found));
    counted.push({ pages, curves });
  }
  await read(
    counted.map(({ pages, curves }) => ({
      pages,
      step(touched, length) {
        for (const { step } of curves) step(touched, length);
      },
    })),
  );

  const points: Row<typeof curveTable.columns>[] = [];
  const line: Row<typeof lruCurveTable.columns>[] = [];
  const facts: Row<typeof curveFactsTable.columns>[] = [];
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
    }
  }
  const spanNs = Math.max(1, endNs - originNs);
  const manifest = recordOf(
    scenario,
    plan.tool,
    guests,
    guests.map(({ name, facts: { accesses } }) => accesses - (competing.find(({ vm }) => vm === name)?.accesses ?? 0)),
    { originNs, endNs, windowNs: spanNs, sampleNs: spanNs },
    "the whole trace: a miss curve has no window",
    guests.map(() => []),
    statementsOf(competing, guests),
  );
  return { manifest, tables: [tableOf(curveTable, points), tableOf(lruCurveTable, line), tableOf(curveFactsTable, facts)] };
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
