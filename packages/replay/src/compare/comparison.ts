import {
  caseParametersTable,
  casesTable,
  differencesTable,
  tableOf,
  type Row,
  type Run,
  type RunManifest,
  type Table,
} from "@tidemark/data/shapes";
import type { CaseFigures, VmFigures } from "./case-figures.ts";
import { dominator } from "./pareto.ts";

/** A case that was replayed, or failed. */
export interface ComparedCase {
  readonly name: string;
  readonly parameters: readonly { readonly path: string; readonly text: string }[];
  /** Undefined: it failed. */
  readonly manifest: RunManifest | undefined;
  readonly figures: CaseFigures | undefined;
  /** Why it failed; "" where it did not. */
  readonly failed: string;
}

type CaseRow = Row<typeof casesTable.columns>;
type DifferenceRow = Row<typeof differencesTable.columns>;

const sum = (vms: readonly VmFigures[], of: (vm: VmFigures) => number): number => vms.reduce((total, vm) => total + of(vm), 0);

/** Cases against the one called `baseline`: a run whose tables are the comparison. The baseline must have figures. */
export function comparisonOf(cases: readonly ComparedCase[], baseline: string): Run {
  const base = cases.find(({ name }) => name === baseline);
  if (base?.manifest === undefined || base.figures === undefined) throw new Error(`bug: nothing is known of the baseline ${baseline}`);
  return { manifest: manifestOf(base.manifest, cases), tables: tablesOf(cases, base.name, base.figures) };
}

function tablesOf(cases: readonly ComparedCase[], baseline: string, base: CaseFigures): readonly Table[] {
  const costs = cases.flatMap(({ name, figures }) => (figures === undefined ? [] : [costOf(name, figures)]));
  const baseCost = costOf(baseline, base);
  const caseRows = cases.map(({ name, figures, failed }): CaseRow => {
    const cost = costs.find((each) => each.name === name);
    return {
      case: name,
      role: name === baseline ? "baseline" : "",
      failed,
      machine: figures?.machine ?? NaN,
      span: figures?.spanNs ?? NaN,
      consumed: cost?.consumed ?? NaN,
      saved: baseCost.consumed - (cost?.consumed ?? NaN),
      stall: cost?.stall ?? NaN,
      swapin: figures === undefined ? NaN : sum(figures.vms, ({ swapin }) => swapin),
      dominated: cost === undefined ? "" : (dominator(cost, costs) ?? ""),
    };
  });
  const parameters = cases.flatMap((each) => each.parameters.map(({ path, text }) => ({ case: each.name, parameter: path, value: text })));
  const differences = cases.flatMap(({ name, figures }) =>
    (figures?.vms ?? []).map((vm) =>
      differenceOf(
        name,
        figures?.spanNs ?? NaN,
        vm,
        base.vms.find((other) => other.vm === vm.vm),
      ),
    ),
  );
  return [tableOf(casesTable, caseRows), tableOf(caseParametersTable, parameters), tableOf(differencesTable, differences)];
}

const costOf = (name: string, { vms }: CaseFigures) => ({
  name,
  consumed: sum(vms, ({ consumed }) => consumed),
  stall: sum(vms, ({ stall }) => stall),
});

/** A VM that the baseline does not have differs by nothing that is known. */
function differenceOf(name: string, span: number, vm: VmFigures, base: VmFigures | undefined): DifferenceRow {
  const more = (of: (figures: VmFigures) => number): number => (base === undefined ? NaN : of(vm) - of(base));
  const { consumed, stall, swapin, cycles, activeError } = vm;
  return {
    case: name,
    vm: vm.vm,
    span,
    consumed,
    saved: base === undefined ? NaN : base.consumed - consumed,
    stall,
    stallMore: more((each) => each.stall),
    swapin,
    swapinMore: more((each) => each.swapin),
    cycles,
    cyclesMore: more((each) => each.cycles),
    activeError,
    activeErrorMore: more((each) => each.activeError),
  };
}

/** That runs were made by different versions of the tool, where they were. */
export function severalVersions(cases: readonly ComparedCase[]): readonly string[] {
  const tools = [...new Set(cases.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest.tool])))];
  return tools.length > 1 ? [`the runs were made by ${tools.join(" and ")}: a difference may come of that, not of the cases`] : [];
}

/** The baseline's manifest, with the traces of all cases and what was assumed in any. Cases are looked at as a whole: no instants, no markers. */
function manifestOf(base: RunManifest, cases: readonly ComparedCase[]): RunManifest {
  const manifests = [base, ...cases.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]))];
  const traces = new Map(manifests.flatMap((manifest) => manifest.traces).map((trace) => [trace.name, trace]));
  return {
    ...base,
    traces: [...traces.values()],
    instants: [],
    markers: [],
    assumed: [...severalVersions(cases), ...new Set(manifests.flatMap(({ assumed }) => assumed))],
  };
}
