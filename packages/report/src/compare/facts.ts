import {
  caseParametersTable,
  casesTable,
  differencesTable,
  pickTable,
  rowsOf,
  timelineTable,
  type Row,
  type Run,
} from "@tidemark/data/shapes";

type CaseRow = Row<typeof casesTable.columns>;
export type DifferenceRow = Row<typeof differencesTable.columns>;

/** A case with what it changes and what came of it. */
export interface CaseFacts extends CaseRow {
  readonly parameters: readonly { readonly parameter: string; readonly value: string }[];
  readonly vms: readonly DifferenceRow[];
}

export interface Comparison {
  readonly baseline: CaseFacts;
  /** All cases that have figures, the baseline among them, in their order. */
  readonly cases: readonly CaseFacts[];
  readonly failed: readonly CaseRow[];
}

/** What a run says that compares cases; undefined where it does not. */
export function comparisonIn(run: Pick<Run, "tables">): Comparison | undefined {
  const rows = rowsIn(run, casesTable);
  const parameters = rowsIn(run, caseParametersTable);
  const differences = rowsIn(run, differencesTable);
  const facts = rows
    .filter(({ failed }) => failed === "")
    .map((row): CaseFacts => ({
      ...row,
      parameters: parameters.filter((each) => each.case === row.case),
      vms: differences.filter((each) => each.case === row.case),
    }));
  const baseline = facts.find(({ role }) => role === "baseline");
  return baseline === undefined ? undefined : { baseline, cases: facts, failed: rows.filter(({ failed }) => failed !== "") };
}

function rowsIn<S extends typeof casesTable | typeof caseParametersTable | typeof differencesTable>(run: Pick<Run, "tables">, spec: S) {
  const table = pickTable<S["columns"]>(run.tables, spec);
  return table === undefined ? [] : rowsOf(table);
}

/** Whether a run speaks of cases compared, and of nothing else. */
export const isOnlyOfCases = (run: Run): boolean =>
  pickTable(run.tables, casesTable) !== undefined && pickTable(run.tables, timelineTable) === undefined;
