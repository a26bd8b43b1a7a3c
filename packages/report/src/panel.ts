import { pickTable, type Columns, type Row, type Run, type RunManifest, type TableSpec } from "@tidemark/data";
import { explainedInstants, rowsWhere, type Explained } from "./explained.ts";
import { thinned } from "./thin.ts";
import { timeUnit, type TimeUnit } from "./time-unit.ts";

/** Drawn at most, so that a page's size does not follow the run's. What is cut is said (see `cutNote`). */
export const VMS_MAX = 8,
  INSTANTS_MAX = 4,
  SAMPLES_MAX = 600;

/** An instant that was asked for. */
export type Instant = RunManifest["instants"][number];

/** What one drawing shows: one VM of a run, and for charts of an instant, one explained instant of it. */
export interface Panel {
  readonly manifest: RunManifest;
  readonly vm: string;
  /** The explained instants of this VM; exactly one in a panel of an instant. */
  readonly instants: readonly Instant[];
  /** Counters and ledger of the panel's instant, where it is of one and the run has the tables. */
  readonly explained: Explained | undefined;
  /** Unit of the time axis, the same for all VMs. */
  readonly time: TimeUnit;
  /** Rows of this VM. `sampled` thins a table of samples to at most SAMPLES_MAX instants. */
  rows<C extends Columns>(spec: TableSpec<C>): readonly Row<C>[];
  sampled<C extends Columns>(spec: TableSpec<C>): readonly Row<C>[];
}

/** What panels stand for: `vm` one per VM, `instant` one per VM and explained instant. */
export type PanelPer = "vm" | "instant";

/** The VMs that are drawn: the first ones that hold the most memory, in the run's order. */
export function drawnVms(run: Run): readonly string[] {
  const { vms } = run.manifest;
  if (vms.length <= VMS_MAX) return vms.map(({ name }) => name);
  const gaps = new Map<string, number>();
  for (const { vm, gapPages } of explainedInstants(run)) gaps.set(vm, Math.max(gaps.get(vm) ?? -Infinity, gapPages));
  const largest = vms.map(({ name }, i) => ({ name, i })).sort((a, b) => (gaps.get(b.name) ?? -1) - (gaps.get(a.name) ?? -1) || a.i - b.i);
  const kept = new Set(largest.slice(0, VMS_MAX).map(({ i }) => i));
  return vms.filter((_, i) => kept.has(i)).map(({ name }) => name);
}

/** What is not drawn though the run has it, in a sentence; "" if all is. */
export function cutNote(run: Run): string {
  const { vms, instants } = run.manifest;
  const perVm = Math.max(0, ...vms.map(({ name }) => instants.filter(({ vm }) => vm === name).length));
  const cuts: string[] = [];
  if (vms.length > VMS_MAX) cuts.push(`${VMS_MAX} of ${vms.length} VMs are shown, those with the largest gap`);
  if (perVm > INSTANTS_MAX) cuts.push(`the first ${INSTANTS_MAX} of ${perVm} explained instants are shown`);
  return cuts.length === 0 ? "" : `${cuts.join("; ")}. The run's tables have all of them.`;
}

/** The panels of a run, VM by VM. */
export function panelsOf(run: Run, per: PanelPer): readonly Panel[] {
  const explained = per === "instant" ? explainedInstants(run) : [];
  return drawnVms(run).flatMap((vm) => {
    const instants = run.manifest.instants.filter((each) => each.vm === vm).slice(0, INSTANTS_MAX);
    if (per === "vm") return [panelOf(run, vm, instants, undefined)];
    return instants.map((instant) => {
      const found = explained.find((each) => each.vm === vm && each.asked === instant.asked);
      return panelOf(run, vm, [instant], found);
    });
  });
}

function panelOf(run: Run, vm: string, instants: readonly Instant[], explained: Explained | undefined): Panel {
  const { manifest } = run;
  const rows = <C extends Columns>(spec: TableSpec<C>): readonly Row<C>[] => {
    const table = pickTable(run.tables, spec);
    const names: ArrayLike<unknown> = table?.columns["vm"] ?? [];
    return rowsWhere(table, (i) => names[i] === vm);
  };
  const keepNs = instants.map(({ timeNs }) => timeNs);
  return {
    manifest,
    vm,
    instants,
    explained,
    time: timeUnit(manifest.endNs - manifest.originNs || manifest.endNs),
    rows,
    sampled: (spec) => thinned(rows(spec), SAMPLES_MAX, keepNs),
  };
}
