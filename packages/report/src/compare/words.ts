import { formatPages, parseSize, type Run } from "@tidemark/data/shapes";
import { joined } from "../joined.ts";
import { formatShare } from "../memory-unit.ts";
import { vmLabel } from "../vm-label.ts";
import { valueText } from "./case-labels.ts";
import { comparisonIn, type CaseFacts, type Comparison, type DifferenceRow } from "./facts.ts";

/** Groups of cases that are put into words; the rest is in the tables. */
const GROUPS_MAX = 12;
/** Cases of a group. */
const CASES_MAX = 8;
const LABEL_MAX = 100;

/** Of shares of run time above 100 %. */
const BEHIND =
  "A VM that waits for more than its run time would have fallen behind: on the open clock the times of its trace stand, whatever it waits.";

export const caseLabel = (name: string): string => vmLabel(name, LABEL_MAX);

/** The answer of a comparison: what each alternative saves and costs the VM that it costs most, then which are not beaten by another. */
export function comparisonSentences(run: Run): readonly string[] {
  const comparison = comparisonIn(run);
  if (comparison === undefined) return [];
  const { baseline, cases, failed } = comparison;
  const alternatives = cases.filter((each) => each !== baseline);
  const groups = groupsOf(alternatives);
  const said = groups.slice(0, GROUPS_MAX).map((group) => groupSentence(group, baseline));
  const rest = groups.slice(GROUPS_MAX).flat().length;
  return [
    ...said,
    ...(rest === 0 ? [] : [`${rest} more cases are in the table.`]),
    ...(cases.some(({ vms }) => vms.some(({ stall, span }) => stall > span)) ? [BEHIND] : []),
    ...(cases.length > 2 ? [frontSentence(comparison)] : []),
    ...failed.map((each) => `${caseLabel(each.case)} has no figures: ${vmLabel(each.failed, 300)}.`),
  ];
}

/** Cases that are alike in the first parameter that varies, together. */
function groupsOf(cases: readonly CaseFacts[]): readonly (readonly CaseFacts[])[] {
  const groups = new Map<string, CaseFacts[]>();
  for (const each of cases) {
    const [first] = each.parameters;
    const key = first === undefined || each.parameters.length < 2 ? `case ${each.case}` : `${first.parameter}=${first.value}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function groupSentence(group: readonly CaseFacts[], baseline: CaseFacts): string {
  const [first] = group;
  if (first === undefined) return "";
  const [lead, ...others] = first.parameters;
  if (group.length === 1 || lead === undefined) {
    const changed = first.parameters.filter(({ parameter, value }) => valueIn(baseline, parameter) !== value);
    const isNamed = first.case !== first.parameters.map(({ parameter, value }) => `${parameter}=${value}`).join(" ");
    const what = isNamed || changed.length === 0 ? caseLabel(first.case) : joined(changed.map((each) => changeWords(each, baseline)));
    const kept = isNamed ? [] : first.parameters.filter((each) => !changed.includes(each));
    const beside =
      kept.length === 0
        ? ""
        : `, with ${joined(kept.map(({ parameter, value }) => `${parameter} ${vmLabel(valueText(value))}`))} as in the baseline,`;
    return `${capital(what)}${changed.length === 0 ? "" : beside} ${outcome(first)}.`;
  }
  const parts = group.slice(0, CASES_MAX).map((each) => {
    const rest = each.parameters.filter(({ parameter }) => parameter !== lead.parameter);
    return `with ${joined(rest.map(({ parameter, value }) => `${parameter} ${vmLabel(valueText(value))}`))} it ${outcome(each)}`;
  });
  const cut = group.length > CASES_MAX ? `; ${group.length - CASES_MAX} more such cases are in the table` : "";
  const isSame = valueIn(baseline, lead.parameter) === lead.value || others.length === 0;
  const head = isSame ? `${lead.parameter} ${vmLabel(valueText(lead.value))}, as in the baseline` : changeWords(lead, baseline);
  return `${capital(head)}: ${parts.join("; ")}${cut}.`;
}

const valueIn = ({ parameters }: CaseFacts, wanted: string): string | undefined =>
  parameters.find(({ parameter }) => parameter === wanted)?.value;

/** Of our own words; names and paths stay as they were written. */
const capital = (text: string): string => (/^(half the|a) host /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);

/** "half the host (128MiB instead of 256MiB)", "swap.policy lru instead of random". */
function changeWords({ parameter, value }: { readonly parameter: string; readonly value: string }, baseline: CaseFacts): string {
  const before = valueIn(baseline, parameter);
  const instead = before === undefined ? "" : ` instead of ${vmLabel(valueText(before))}`;
  if (parameter !== "host.memory") return `${parameter} ${vmLabel(valueText(value))}${instead}`;
  const half = before !== undefined && bytesOf(value) * 2 === bytesOf(before);
  return half ? `half the host (${value}${instead})` : `a host of ${vmLabel(valueText(value))}${instead}`;
}

function bytesOf(size: string): number {
  try {
    return parseSize(size, "host.memory");
  } catch {
    return NaN; // not a size: then it is no half either
  }
}

/** "saves 12.0 MiB and costs VM hog 4.1 % of run time more waiting". */
function outcome({ saved, vms }: CaseFacts): string {
  const memory = saved === 0 ? "holds as much memory" : saved > 0 ? `saves ${formatPages(saved)}` : `takes ${formatPages(-saved)} more`;
  const cycles = mostOf(vms, ({ cycles: all, cyclesMore }) => cyclesMore / (all - cyclesMore));
  const translation =
    cycles === undefined || cycles.cyclesMore === 0
      ? ""
      : ` and ${cycles.cyclesMore > 0 ? "costs" : "spares"} VM ${vmLabel(cycles.vm)} ${formatShare(Math.abs(cycles.cyclesMore), cycles.cycles - cycles.cyclesMore)} of its translation cycles`;
  return `${memory}${translation === "" ? " and " : ", "}${waitingWords(vms)}${translation}`;
}

function waitingWords(vms: readonly DifferenceRow[]): string {
  const share = ({ stallMore, span }: DifferenceRow): number => stallMore / span;
  const known = vms.filter((vm) => Number.isFinite(share(vm)));
  const worst = known.toSorted((a, b) => share(b) - share(a))[0];
  const best = known.toSorted((a, b) => share(a) - share(b))[0];
  if (worst !== undefined && worst.stallMore > 0)
    return `costs VM ${vmLabel(worst.vm)} ${formatShare(worst.stallMore, worst.span)} of run time in waiting`;
  if (best !== undefined && best.stallMore < 0)
    return `spares VM ${vmLabel(best.vm)} ${formatShare(-best.stallMore, best.span)} of run time in waiting`;
  return "makes no VM wait longer";
}

/** The VM with the largest known size of `of`. */
const mostOf = (vms: readonly DifferenceRow[], of: (vm: DifferenceRow) => number): DifferenceRow | undefined =>
  vms.filter((vm) => Number.isFinite(of(vm))).toSorted((a, b) => Math.abs(of(b)) - Math.abs(of(a)))[0];

function frontSentence({ cases }: Comparison): string {
  const front = cases.filter(({ dominated }) => dominated === "");
  const beaten = cases.length - front.length;
  if (beaten === 0) return `None of the ${cases.length} cases is beaten: no other both holds no more memory and waits no longer.`;
  const names = front.slice(0, CASES_MAX).map((each) => caseLabel(each.case));
  const more = front.length > CASES_MAX ? ` and ${front.length - CASES_MAX} more` : "";
  return `${beaten} of ${cases.length} cases ${beaten === 1 ? "is" : "are"} beaten: another holds no more memory and waits no longer. Not beaten: ${names.join("; ")}${more}.`;
}
