import {
  curveBoundTable,
  curveFactsTable,
  formatPages,
  pickTable,
  rowsOf,
  timelineTable,
  translationCostTable,
  type Row,
  type Run,
} from "@tidemark/data";
import { formatCount, formatPageCount, formatShare } from "../memory-unit.ts";
import { joined } from "../joined.ts";
import { formatSpan } from "../time-unit.ts";
import { vmLabel } from "../vm-label.ts";

type Facts = Row<typeof curveFactsTable.columns>;

/** What curves come to, a row per VM (empty for all of them on one host) and policy. */
export function curveFacts(run: Run): readonly Facts[] {
  const table = pickTable(run.tables, curveFactsTable);
  return table === undefined ? [] : rowsOf(table);
}

const estimatedFrom = (sampled: number): string => (Number.isNaN(sampled) ? "" : `, estimated from ${formatPageCount(sampled)}`);

export const curveOwner = (vm: string): string => (vm === "" ? "all VMs on one host" : vmLabel(vm));

/** "web under lru: the knee is at …": knee, and the smallest memory that is enough, in words. */
export function curveSentence({ vm, policy, references, distinct, sampled, knee, kneeMisses, extra, enough, enoughMisses }: Facts): string {
  const head = `${curveOwner(vm)} under ${vmLabel(policy)}`;
  const kneeWords = Number.isNaN(knee)
    ? "misses fall evenly with memory, without a knee"
    : `the knee is at ${formatPages(knee)} (${formatPageCount(knee)}), where ${formatShare(kneeMisses, references)} of references miss`;
  const all = `memory for all ${formatPageCount(distinct)} has`;
  const enoughWords = Number.isNaN(enough)
    ? `none of the sizes asked for comes within ${formatCount(extra)} % of the misses that ${all}`
    : `the smallest size within ${formatCount(extra)} % of the misses that ${all} is ${formatPages(enough)} (${formatPageCount(enough)}; ${formatCount(Math.round(enoughMisses))} ${enoughMisses === 1 ? "miss" : "misses"})`;
  return `${head}${estimatedFrom(sampled)}: ${kneeWords}; ${enoughWords}.`;
}

export type Bound = Row<typeof curveBoundTable.columns>;

/** What knowing the future would do with, a row per VM and stall. */
export function boundRows(run: Pick<Run, "tables">): readonly Bound[] {
  const table = pickTable(run.tables, curveBoundTable);
  return table === undefined ? [] : rowsOf(table);
}

/** "web if the future is known: 129 MiB is enough …": of one VM, what Belady's policy can do with for each stall; `sampled`: pages that this is estimated from, NaN where it is exact. */
export function boundSentence([first, ...more]: readonly Bound[], sampled: number): string {
  if (first === undefined) return "";
  const size = ({ pages }: Bound): string => `${formatPages(pages)} (${formatPageCount(pages)})`;
  const listed = [
    `${size(first)} ${first.stall === 0 ? "reads no page again" : boundStall(first)}`,
    ...more.map((row) => `${size(row)} ${boundStall(row)}`),
  ];
  return `${curveOwner(first.vm)} if the future is known${estimatedFrom(sampled)}: ${joined(listed)}, at ${formatSpan(first.pageIn)} a page-in; no policy that pages on demand does with less.`;
}

const boundStall = ({ stall }: Bound): string => `stalls no longer than ${formatSpan(stall)}`;

/** Per VM, in the order of the run: what each policy comes to, then the bound. */
export const curveSentences = (run: Run): readonly string[] => {
  const facts = curveFacts(run);
  const bound = boundRows(run);
  return [...new Set(facts.map(({ vm }) => vm))].flatMap((vm) => vmCurveSentences(facts, bound, vm));
};

export const vmCurveSentences = (facts: readonly Facts[], bound: readonly Bound[], vm: string): readonly string[] => {
  const own = facts.filter((row) => row.vm === vm);
  const least = bound.filter((row) => row.vm === vm);
  return [...own.map(curveSentence), ...(least.length === 0 ? [] : [boundSentence(least, own[0]?.sampled ?? NaN)])];
};

/** Whether a run speaks of misses against memory size, and of nothing else. */
export const isOnlyOfCurves = (run: Run): boolean =>
  curveFacts(run).length > 0 &&
  pickTable(run.tables, timelineTable) === undefined &&
  pickTable(run.tables, translationCostTable) === undefined;
