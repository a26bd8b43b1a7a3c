import { pickTable, type Columns, type Row, type Run, type RunManifest, type TableSpec } from "@tidemark/data/shapes";
import { INSTANTS_MAX, SAMPLES_MAX, VMS_MAX } from "./bounds.ts";
import { explainedInstants, type Explained } from "./explained.ts";
import { rowsWhere } from "./rows-where.ts";
import { thinned } from "./thin.ts";
import { timeUnit, type TimeUnit } from "./time-unit.ts";
import { translatedAs, TRANSLATIONS_MAX, type TranslatedAs } from "./translated-as.ts";

/** An instant that was asked for. */
type Instant = RunManifest["instants"][number];

/** What one drawing shows: the host, or one VM of a run; for charts of an instant one explained instant of it, for those of translation one way it was translated. */
export interface Panel {
  readonly manifest: RunManifest;
  /** "" in a panel of the host. */
  readonly vm: string;
  /** The explained instants of this VM, of the host those of all VMs; exactly one in a panel of an instant. */
  readonly instants: readonly Instant[];
  /** The markers of this VM's workload, of the host those of all VMs. */
  readonly markers: RunManifest["markers"];
  /** Counters and ledger of the panel's instant, where it is of one and the run has the tables. */
  readonly explained: Explained | undefined;
  /** Page sizes and core, where the panel is of them. */
  readonly translated: TranslatedAs | undefined;
  /** Unit of the time axis, the same for all VMs. */
  readonly time: TimeUnit;
  /** Rows of this VM, of the host all; and of the panel's page sizes and core. `sampled` thins a table of samples to at most SAMPLES_MAX instants. */
  rows<C extends Columns>(spec: TableSpec<C>): readonly Row<C>[];
  sampled<C extends Columns>(spec: TableSpec<C>): readonly Row<C>[];
}

/** What panels stand for: `run` one for the host, `vm` one per VM, `vm-and-host` these and then one for the host, `instant` one per VM and explained instant, `translation` one per VM, page sizes and core. */
export type PanelPer = "run" | "vm" | "vm-and-host" | "instant" | "translation";

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
  const waysPerVm = Math.max(0, ...drawnVms(run).map((vm) => translatedAs(run, vm).length));
  const cuts: string[] = [];
  if (vms.length > VMS_MAX) {
    const which = instants.length === 0 ? "the first ones" : "those with the largest gap";
    cuts.push(`${VMS_MAX} of ${vms.length} VMs are shown, ${which}`);
  }
  if (perVm > INSTANTS_MAX) cuts.push(`the first ${INSTANTS_MAX} of ${perVm} explained instants are shown`);
  if (waysPerVm > TRANSLATIONS_MAX) cuts.push(`the first ${TRANSLATIONS_MAX} of ${waysPerVm} pairs of page sizes and core are shown`);
  const said = cuts.join("; ");
  return said === "" ? "" : `${said[0]?.toUpperCase() ?? ""}${said.slice(1)}. The run's tables have all of them.`;
}

/** The panels of a run, VM by VM. */
export function panelsOf(run: Run, per: PanelPer): readonly Panel[] {
  const ofHost = (): Panel => panelOf(run, "", run.manifest.instants, undefined, undefined);
  if (per === "run") return [ofHost()];
  if (per === "vm-and-host") return [...panelsOf(run, "vm"), ofHost()];
  const explained = per === "instant" ? explainedInstants(run) : [];
  return drawnVms(run).flatMap((vm) => {
    const own = run.manifest.instants.filter((each) => each.vm === vm);
    // In the order of time, as the run's tables have them, and so the sentences and the ledger.
    const instants = own.sort((a, b) => a.timeNs - b.timeNs).slice(0, INSTANTS_MAX);
    if (per === "vm") return [panelOf(run, vm, instants, undefined, undefined)];
    if (per === "translation")
      return translatedAs(run, vm)
        .slice(0, TRANSLATIONS_MAX)
        .map((translated) => panelOf(run, vm, instants, undefined, translated));
    return instants.map((instant) => {
      const found = explained.find((each) => each.vm === vm && each.asked === instant.asked);
      return panelOf(run, vm, [instant], found, undefined);
    });
  });
}

function panelOf(
  run: Run,
  vm: string,
  instants: readonly Instant[],
  explained: Explained | undefined,
  translated: TranslatedAs | undefined,
): Panel {
  const { manifest } = run;
  const rows = <C extends Columns>(spec: TableSpec<C>): readonly Row<C>[] => {
    const table = pickTable(run.tables, spec);
    const { vm: names, pages, core }: { readonly [column: string]: ArrayLike<unknown> } = table?.columns ?? {};
    const isOwn = (i: number): boolean =>
      translated === undefined ||
      pages === undefined ||
      core === undefined ||
      (pages[i] === translated.pages && core[i] === translated.core);
    // A table without VMs is of the host, and of each.
    const isAnyone = vm === "" || names === undefined;
    return rowsWhere(table, (i) => (isAnyone || names?.[i] === vm) && isOwn(i));
  };
  const keepNs = instants.map(({ timeNs }) => timeNs);
  return {
    manifest,
    vm,
    instants,
    markers: manifest.markers.filter((marker) => vm === "" || marker.vm === vm),
    explained,
    translated,
    time: timeUnit(manifest.endNs - manifest.originNs || manifest.endNs),
    rows,
    sampled: (spec) => thinned(rows(spec), SAMPLES_MAX, keepNs),
  };
}
