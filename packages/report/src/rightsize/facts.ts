import {
  oracleTable,
  pickTable,
  rightSizeTable,
  rowsOf,
  timelineTable,
  workingSetTable,
  type Columns,
  type Row,
  type Run,
  type TableSpec,
} from "@tidemark/data/shapes";

type SetRow = Row<typeof workingSetTable.columns>;
export type SizeRow = Row<typeof rightSizeTable.columns>;
export type OracleRow = Row<typeof oracleTable.columns>;

/** What a run says of how much memory one VM needs. */
export interface VmNeed {
  readonly vm: string;
  readonly sets: readonly SetRow[];
  /** By falling size. */
  readonly sizes: readonly SizeRow[];
  /** By rising stall. */
  readonly oracle: readonly OracleRow[];
}

/** A VM each; none where the run does not say. */
export function vmNeeds({ tables }: Pick<Run, "tables">): readonly VmNeed[] {
  const sets = rowsIn(tables, workingSetTable);
  const sizes = rowsIn(tables, rightSizeTable);
  const oracle = rowsIn(tables, oracleTable);
  return [...new Set(sizes.map(({ vm }) => vm))].map((vm) => ({
    vm,
    sets: sets.filter((row) => row.vm === vm),
    sizes: sizes.filter((row) => row.vm === vm),
    oracle: oracle.filter((row) => row.vm === vm),
  }));
}

function rowsIn<C extends Columns>(tables: Run["tables"], spec: TableSpec<C>): readonly Row<C>[] {
  const table = pickTable(tables, spec);
  return table === undefined ? [] : rowsOf(table);
}

/** Whether a run speaks of how much memory VMs need, and of nothing else. */
export const isOnlyOfNeeds = (run: Run): boolean =>
  pickTable(run.tables, rightSizeTable) !== undefined && pickTable(run.tables, timelineTable) === undefined;
