import { curveFactsTable, formatPages, pickTable, rowsOf, timelineTable, translationCostTable, type Row, type Run } from "@tidemark/data";
import { formatCount, formatPageCount, formatShare } from "../memory-unit.ts";
import { vmLabel } from "../vm-label.ts";

type Facts = Row<typeof curveFactsTable.columns>;

/** What curves come to, a row per VM (empty for all of them on one host) and policy. */
export function curveFacts(run: Run): readonly Facts[] {
  const table = pickTable(run.tables, curveFactsTable);
  return table === undefined ? [] : rowsOf(table);
}

export const curveOwner = (vm: string): string => (vm === "" ? "all VMs on one host" : vmLabel(vm));

/** "web under lru: the knee is at …": knee, and the smallest memory that is enough, in words. */
export function curveSentence({ vm, policy, references, distinct, sampled, knee, kneeMisses, extra, enough, enoughMisses }: Facts): string {
  const head = `${curveOwner(vm)} under ${vmLabel(policy)}`;
  const estimated = Number.isNaN(sampled) ? "" : `, estimated from ${formatPageCount(sampled)}`;
  const kneeWords = Number.isNaN(knee)
    ? "misses fall evenly with memory, without a knee"
    : `the knee is at ${formatPages(knee)} (${formatPageCount(knee)}), where ${formatShare(kneeMisses, references)} of references miss`;
  const all = `memory for all ${formatPageCount(distinct)} has`;
  const enoughWords = Number.isNaN(enough)
    ? `none of the sizes asked for comes within ${formatCount(extra)} % of the misses that ${all}`
    : `the smallest size within ${formatCount(extra)} % of the misses that ${all} is ${formatPages(enough)} (${formatPageCount(enough)}; ${formatCount(Math.round(enoughMisses))} ${enoughMisses === 1 ? "miss" : "misses"})`;
  return `${head}${estimated}: ${kneeWords}; ${enoughWords}.`;
}

export const curveSentences = (run: Run): readonly string[] => curveFacts(run).map(curveSentence);

/** Whether a run speaks of misses against memory size, and of nothing else. */
export const isOnlyOfCurves = (run: Run): boolean =>
  curveFacts(run).length > 0 &&
  pickTable(run.tables, timelineTable) === undefined &&
  pickTable(run.tables, translationCostTable) === undefined;
