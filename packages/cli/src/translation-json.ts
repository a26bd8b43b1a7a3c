import {
  breakEvenTable,
  pickTable,
  rowsOf,
  translationCostTable,
  translationTable,
  type Columns,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";

type Counters = { readonly [group: string]: { readonly [counter: string]: number } };

/** What `translate --json` prints: one entry per VM, pair of page sizes and core, with every mode's counters and costs. */
export function translationJson({ manifest, tables }: Run): object {
  const counters = rowsOrNone(tables, translationTable);
  const costs = rowsOrNone(tables, translationCostTable);
  const evens = rowsOrNone(tables, breakEvenTable);
  const groups = new Map(
    counters.filter(({ core }) => core !== "").map(({ vm, pages, core }) => [JSON.stringify([vm, pages, core]), { vm, pages, core }]),
  );
  const translation: unknown = manifest.scenario["translation"] ?? null;
  const { costs: priced = null }: { readonly costs?: unknown } = translation ?? {};
  return {
    schema: 1,
    translation,
    costs: priced,
    vms: [...groups.values()].map(({ vm, pages, core }) => {
      const own = <R extends { readonly vm: string; readonly pages: string; readonly core: string }>(rows: readonly R[]): R[] =>
        rows.filter((row) => row.vm === vm && row.pages === pages && row.core === core);
      const counted = own(counters);
      return {
        name: vm,
        pages,
        core,
        guest: byGroup(counters.filter((row) => row.vm === vm && row.pages === pages && row.core === ""))["guest"] ?? {},
        modes: [...new Set(counted.map(({ mode }) => mode))].map((mode) => {
          const causes = own(costs).filter((row) => row.mode === mode);
          const cyclesOf = (wanted: (cause: string) => boolean): number =>
            causes.reduce((sum, { cause, cycles }) => sum + (wanted(cause) ? cycles : 0), 0);
          const translation = cyclesOf((cause) => cause !== "access");
          const accesses = causes.find(({ cause }) => cause === "access");
          return {
            mode,
            counters: byGroup(counted.filter((row) => row.mode === mode)),
            cycles: Object.fromEntries(causes.map(({ cause, cycles }) => [cause, cycles])),
            cyclesPerAccess: causes.reduce((sum, { cause, perAccess }) => sum + (cause === "access" ? 0 : perAccess), 0),
            shareOfRunTime: translation === 0 ? 0 : translation / (translation + (accesses?.cycles ?? 0)),
          };
        }),
        breakEven: own(evens).map(({ cost, below, above, value, assumed }) => ({
          cost,
          below,
          above,
          cycles: orNull(value),
          assumed: orNull(assumed),
        })),
      };
    }),
    assumed: manifest.assumed,
  };
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function byGroup(rows: readonly { readonly group: string; readonly counter: string; readonly value: number }[]): Counters {
  const groups: Record<string, Record<string, number>> = {};
  for (const { group, counter, value } of rows) (groups[group] ??= {})[counter] = value;
  return groups;
}

function rowsOrNone<C extends Columns>(tables: Run["tables"], spec: TableSpec<C>): readonly Row<C>[] {
  const table = pickTable(tables, spec);
  return table === undefined ? [] : rowsOf(table);
}
