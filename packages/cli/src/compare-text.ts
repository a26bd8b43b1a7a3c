import { formatPages, type Run } from "@tidemark/data/shapes";
import { comparisonIn, comparisonSentences, valueText, type CaseFacts, type DifferenceRow } from "@tidemark/report/words";
import { counted, percentText, table, whole } from "./words.ts";

/** VMs times cases that are printed; the tables have all. */
const ROWS_MAX = 60;
/** From the longest. */
const TIME_UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
] as const;
/** Letters of a value or a name. */
const CELL_MAX = 40;

/** A comparison for the terminal: the cases, every VM in them where there are several, and the answer in words. */
export function compareText(run: Run): string {
  const comparison = comparisonIn(run);
  if (comparison === undefined) return "";
  const { baseline, cases } = comparison;
  const parts = [casesText(cases, baseline)];
  if (baseline.vms.length > 1) parts.push(vmsText(cases));
  return [...parts, comparisonSentences(run).join("\n")].join("\n\n");
}

const cell = (text: string): string => (text.length > CELL_MAX ? `${text.slice(0, CELL_MAX - 1)}…` : text);
function time(ns: number): string {
  const [per, unit] = TIME_UNITS.find(([least]) => Math.abs(ns) >= least) ?? [1, "ns"];
  return ns === 0 ? "0 s" : `${ns < 0 ? "−" : ""}${(Math.abs(ns) / per).toFixed(2)} ${unit}`;
}
const share = (part: number, all: number): string => (Number.isFinite(part / all) ? percentText((100 * part) / all, 2) : "–");
const count = (n: number): string => (Number.isNaN(n) ? "–" : whole(n));

/** Whether cases have names of their own, not made of their values. */
const areNamed = (cases: readonly CaseFacts[]): boolean =>
  cases.some(({ case: name, parameters }) => name !== parameters.map((each) => `${each.parameter}=${each.value}`).join(" "));

function casesText(cases: readonly CaseFacts[], baseline: CaseFacts): string {
  const names = [...new Set(cases.flatMap(({ parameters }) => parameters.map(({ parameter }) => parameter)))];
  const isNamed = cases.some(
    ({ case: name, parameters }) => name !== parameters.map((each) => `${each.parameter}=${each.value}`).join(" "),
  );
  const header = [...(isNamed ? ["case"] : []), ...names, "VMs hold", "saved", "waited", "of run time", "swapped in", ""];
  const rows = cases.map((each) => {
    const { case: name, parameters, consumed, saved, stall, span, swapin, dominated, vms } = each;
    const values = names.map((wanted) => parameters.find(({ parameter }) => parameter === wanted)?.value ?? "").map(valueText);
    const remark = [...(each === baseline ? ["baseline"] : []), ...(dominated === "" ? [] : [`beaten by ${cell(dominated)}`])].join(", ");
    const figures = [formatPages(consumed), formatPages(saved), time(stall), share(stall, span * vms.length), count(swapin)];
    return [...[...(isNamed ? [name] : []), ...values].map(cell), ...figures, remark];
  });
  const texts = (isNamed ? 1 : 0) + names.length;
  return table(header, rows, [...Array.from({ length: texts }, (_, i) => i), header.length - 1]);
}

function vmsText(cases: readonly CaseFacts[]): string {
  const isNamed = areNamed(cases);
  const label = ({ case: name, parameters }: CaseFacts): string =>
    isNamed ? name : parameters.map(({ value }) => valueText(value)).join(" · ");
  const all = cases.flatMap((each) => each.vms.map((vm) => ({ name: label(each), vm })));
  const withCycles = all.some(({ vm }) => !Number.isNaN(vm.cycles));
  const header = [
    "VM",
    "case",
    "holds",
    "saved",
    "waited",
    "more",
    "of run time",
    "swapped in",
    "active off by",
    ...(withCycles ? ["translation cycles"] : []),
  ];
  const row = ({ name, vm }: { readonly name: string; readonly vm: DifferenceRow }): readonly string[] => [
    cell(vm.vm),
    cell(name),
    formatPages(vm.consumed),
    formatPages(vm.saved),
    time(vm.stall),
    time(vm.stallMore),
    share(vm.stallMore, vm.span),
    count(vm.swapin),
    formatPages(vm.activeError),
    ...(withCycles ? [count(vm.cycles)] : []),
  ];
  const byVm = all.toSorted((a, b) => order(cases, a.vm.vm) - order(cases, b.vm.vm)).slice(0, ROWS_MAX);
  const rest = all.length - byVm.length;
  return `${table(header, byVm.map(row), [0, 1])}${rest > 0 ? `\n${counted(rest, "row")} more: give -o, differences.csv has all` : ""}`;
}

/** VMs stand in the order in which cases bring them. */
const order = (cases: readonly CaseFacts[], vm: string): number => cases.flatMap(({ vms }) => vms.map((each) => each.vm)).indexOf(vm);
