import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  caseParametersTable,
  casesTable,
  differencesTable,
  fileProblem,
  fillRun,
  pickTable,
  rowsOf,
  RUN_FILE,
  scratchFolder,
  toCsv,
  type Run,
  type TableSpec,
} from "@tidemark/data";

/** Writes a comparison into a folder that is there: the files of a run, and its cases and differences as CSV. */
export function fillComparison(folder: string, run: Run): void {
  try {
    writeFileSync(join(folder, "cases.csv"), casesCsv(run));
    const differences = pickTable(run.tables, differencesTable);
    if (differences !== undefined) writeFileSync(join(folder, "differences.csv"), toCsv(differences));
    fillRun(folder, run);
  } catch (error) {
    throw fileProblem(error, folder);
  }
}

/** The same into a folder with other things in it, each file whole or not at all, `run.json` last. */
export function writeComparison(folder: string, run: Run): void {
  const scratch = scratchFolder(folder, ".comparison");
  try {
    fillComparison(scratch.path, run);
    const files = readdirSync(scratch.path).filter((file) => file !== RUN_FILE);
    for (const file of [...files, RUN_FILE]) renameSync(join(scratch.path, file), join(folder, file));
  } finally {
    scratch.discard();
  }
}

/** The cases with a column for every parameter that differs among them, after their names. */
function casesCsv(run: Run): string {
  const cases = pickTable(run.tables, casesTable);
  if (cases === undefined) return "";
  const values = pickTable(run.tables, caseParametersTable);
  const given = values === undefined ? [] : rowsOf(values);
  // `span` and its like are paths of the scenario as well as columns.
  const columnOf = (parameter: string): string => (parameter in casesTable.columns ? `scenario.${parameter}` : parameter);
  const parameters = new Map(given.map(({ parameter }) => [columnOf(parameter), parameter]));
  const valueOf = (name: string, parameter: string): string =>
    given.find((each) => each.case === name && each.parameter === parameter)?.value ?? "";
  const texts = [...parameters].map(([column, parameter]) => [column, cases.columns.case.map((name) => valueOf(name, parameter))]);
  const { case: name, ...figures } = casesTable.columns;
  const spec: TableSpec = {
    ...casesTable,
    columns: {
      case: name,
      ...Object.fromEntries([...parameters.keys()].map((column) => [column, caseParametersTable.columns.value])),
      ...figures,
    },
  };
  return toCsv({ spec, length: cases.length, columns: { ...cases.columns, ...Object.fromEntries(texts) } });
}
