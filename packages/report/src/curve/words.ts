import {
  curveBoundTable,
  curveFactsTable,
  curveTable,
  formatPages,
  lruCurveTable,
  pickTable,
  RESOLVED_PAGES,
  resolvedFrom,
  rowsOf,
  timelineTable,
  translationCostTable,
  type Columns,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";
import { formatCount, formatPageCount, formatShare } from "../memory-unit.ts";
import { joined } from "../joined.ts";
import { formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

type Facts = Row<typeof curveFactsTable.columns>;

/** Gives the rows of a table; none where there is no such table. */
type RowsOf = <C extends Columns>(spec: TableSpec<C>) => readonly Row<C>[];

/** Rows of a run's tables. */
export const rowsIn =
  ({ tables }: Pick<Run, "tables">): RowsOf =>
  (spec) => {
    const table = pickTable(tables, spec);
    return table === undefined ? [] : rowsOf(table);
  };

/** What curves come to, a row per VM (empty for all of them on one host) and policy. */
export const curveFacts = (run: Run): readonly Facts[] => rowsIn(run)(curveFactsTable);

const estimatedFrom = (sampled: number): string => (Number.isNaN(sampled) ? "" : `, estimated from ${formatPageCount(sampled)}`);

const TOO_FEW = `too few to say what memory is enough, since memory of fewer than ${RESOLVED_PAGES} of them is not resolved`;
const belowResolved = (from: number): string =>
  `somewhere below ${formatPages(from)} (${formatPageCount(from)}), where sizes are not resolved`;

const curveOwner = (vm: string): string => (vm === "" ? "all VMs on one host" : vmLabel(vm));

/** Memory sizes at which a policy was counted; NaN: at all of them. */
function sizesCounted(rows: RowsOf, { vm, policy }: Facts): number {
  const isWhole = policy === "lru" && rows(lruCurveTable).some((row) => row.vm === vm);
  return isWhole ? NaN : rows(curveTable).filter((row) => row.vm === vm && row.policy === policy).length;
}

/** "web under lru: the knee is at …": knee, and the smallest memory that is enough, in words. `sizes`: at so many it was counted, NaN at all. */
function curveSentence(facts: Facts, sizes: number): string {
  const { vm, policy, references, distinct, sampled, knee, kneeMisses, extra, enough, enoughMisses } = facts;
  const counted = Number.isNaN(sizes) ? "" : `, counted at ${sizes} ${sizes === 1 ? "size" : "sizes"}`;
  const head = `${curveOwner(vm)} under ${vmLabel(policy)}${counted}${estimatedFrom(sampled)}`;
  if (sampled < RESOLVED_PAGES) return `${head}: ${TOO_FEW}.`;
  const from = resolvedFrom(distinct, sampled);
  const kneeWords = Number.isNaN(knee)
    ? "misses fall evenly with memory, without a knee"
    : knee < from
      ? `the knee is ${belowResolved(from)}`
      : `the knee is at ${formatPages(knee)} (${formatPageCount(knee)}), where ${formatShare(kneeMisses, references)} of references miss`;
  const all = `memory for all ${formatPageCount(distinct)} has`;
  const enoughWords = Number.isNaN(enough)
    ? `none of the sizes asked for comes within ${formatCount(extra)} % of the misses that ${all}`
    : `the smallest ${counted === "" ? "size" : "of them"} within ${formatCount(extra)} % of the misses that ${all} is ${enough < from ? belowResolved(from) : `${formatPages(enough)} (${formatPageCount(enough)}; ${formatCount(Math.round(enoughMisses))} ${enoughMisses === 1 ? "miss" : "misses"})`}`;
  return `${head}: ${kneeWords}; ${enoughWords}.`;
}

export type Bound = Row<typeof curveBoundTable.columns>;

/** "web if the future is known: 129 MiB is enough …": of one VM, what Belady's policy can do with for each stall; `sampled`: pages of the `distinct` ones that this is estimated from, NaN where it is exact. */
export function boundSentence([first, ...more]: readonly Bound[], distinct: number, sampled: number): string {
  if (first === undefined) return "";
  const head = `${curveOwner(first.vm)} if the future is known${estimatedFrom(sampled)}`;
  if (sampled < RESOLVED_PAGES) return `${head}: ${TOO_FEW}.`;
  const from = resolvedFrom(distinct, sampled);
  const size = ({ pages }: Bound): string =>
    pages < from ? `less than ${formatPages(from)} (how much is not resolved)` : `${formatPages(pages)} (${formatPageCount(pages)})`;
  const listed = [
    `${size(first)} ${first.stall === 0 ? "reads no page again" : boundStall(first)}`,
    ...more.map((row) => `${size(row)} ${boundStall(row)}`),
  ];
  return `${head}: ${joined(listed)}, at ${formatSpan(first.pageIn)} a page-in; no policy that pages on demand does with less.`;
}

const boundStall = ({ stall }: Bound): string => `stalls no longer than ${formatSpan(stall)}`;

/** Per VM, in the order of the run: what each policy comes to, then the bound. */
export const curveSentences = (run: Run): readonly string[] => {
  const rows = rowsIn(run);
  return [...new Set(rows(curveFactsTable).map(({ vm }) => vm))].flatMap((vm) => vmCurveSentences(rows, vm));
};

export const vmCurveSentences = (rows: RowsOf, vm: string): readonly string[] => {
  const own = rows(curveFactsTable).filter((row) => row.vm === vm);
  const least = rows(curveBoundTable).filter((row) => row.vm === vm);
  return [
    ...own.map((facts) => curveSentence(facts, sizesCounted(rows, facts))),
    ...(least.length === 0 ? [] : [boundSentence(least, own[0]?.distinct ?? NaN, own[0]?.sampled ?? NaN)]),
  ];
};

/** Whether a run speaks of misses against memory size, and of nothing else. */
export const isOnlyOfCurves = (run: Run): boolean =>
  curveFacts(run).length > 0 &&
  pickTable(run.tables, timelineTable) === undefined &&
  pickTable(run.tables, translationCostTable) === undefined;
