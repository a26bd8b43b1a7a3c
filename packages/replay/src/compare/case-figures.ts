import {
  hostTable,
  pickTable,
  reclaimTable,
  rowsOf,
  stallsTable,
  timelineTable,
  translationCostTable,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";

/** What one VM came to in a run. Memory in pages; NaN is not known. */
export interface VmFigures {
  readonly vm: string;
  /** Machine memory that it holds, its compression cache with it: mean over the samples. */
  readonly consumed: number;
  /** What it waited, ns. */
  readonly stall: number;
  readonly swapin: number;
  /** Of address translation, where it was counted in one way. */
  readonly cycles: number;
  /** Mean distance of reported from true active memory. */
  readonly activeError: number;
}

/** What a run came to. */
export interface CaseFigures {
  readonly spanNs: number;
  /** Machine memory of the host. */
  readonly machine: number;
  readonly vms: readonly VmFigures[];
}

/** All that figures are made of. */
export const FIGURE_TABLES: readonly TableSpec[] = [timelineTable, hostTable, stallsTable, reclaimTable, translationCostTable];

/** The figures of a run that comparisons are made of; undefined where it has no samples of memory. */
export function figuresOf(run: Run): CaseFigures | undefined {
  const timeline = pickTable(run.tables, timelineTable);
  if (timeline === undefined) return undefined;
  const [machine = NaN] = pickTable(run.tables, hostTable)?.columns.machine ?? [];
  const samples = rowsOf(timeline);
  return {
    spanNs: run.manifest.endNs - run.manifest.originNs,
    machine,
    vms: run.manifest.vms.map(({ name }) =>
      vmFigures(
        run,
        name,
        samples.filter(({ vm }) => vm === name),
      ),
    ),
  };
}

function vmFigures(run: Run, vm: string, samples: readonly Row<typeof timelineTable.columns>[]): VmFigures {
  const errors = samples.flatMap(({ active, activeReported }) => (Number.isNaN(activeReported) ? [] : [Math.abs(activeReported - active)]));
  return {
    vm,
    consumed: mean(samples.map(({ consumed, zipCache }) => consumed + zipCache)),
    stall: stallOf(run, vm),
    swapin: swapInOf(run, vm),
    cycles: cyclesOf(run, vm),
    activeError: mean(errors),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All causes at the end; nothing where memory is never scarce. */
function stallOf(run: Run, vm: string): number {
  const table = pickTable(run.tables, stallsTable);
  if (table === undefined) return 0;
  const last = new Map<string, number>();
  for (const row of rowsOf(table)) if (row.vm === vm) last.set(row.cause, row.stall);
  return [...last.values()].reduce((sum, ns) => sum + ns, 0);
}

/** Of the whole run; nothing where memory is never scarce. */
function swapInOf(run: Run, vm: string): number {
  const table = pickTable(run.tables, reclaimTable);
  return (table === undefined ? [] : rowsOf(table)).find((row) => row.vm === vm && row.counter === "swapIn")?.value ?? 0;
}

/** Without what the accesses themselves cost. */
function cyclesOf(run: Run, vm: string): number {
  const table = pickTable(run.tables, translationCostTable);
  const rows = table === undefined ? [] : rowsOf(table).filter((row) => row.vm === vm);
  const ways = new Set(rows.map(({ pages, core, mode }) => [pages, core, mode].join("\0")));
  return ways.size === 1 ? rows.reduce((sum, { cause, cycles }) => (cause === "access" ? sum : sum + cycles), 0) : NaN;
}
