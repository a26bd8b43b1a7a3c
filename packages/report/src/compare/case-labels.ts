import type { caseParametersTable, Row } from "@tidemark/data/shapes";
import { vmLabel } from "../vm-label.ts";

const LENGTH_MAX = 34;

/** Short names of cases for axes: the values that each changes, where that tells all of them apart and their names are made of them. */
export function caseLabels(
  names: readonly string[],
  parameters: readonly Row<typeof caseParametersTable.columns>[],
): (name: string) => string {
  const valuesOf = (name: string) => parameters.filter((each) => each.case === name);
  const isMade = names.every(
    (name) =>
      name ===
      valuesOf(name)
        .map(({ parameter, value }) => `${parameter}=${value}`)
        .join(" "),
  );
  const short = (name: string): string =>
    vmLabel(
      valuesOf(name)
        .map(({ value }) => value)
        .join(" · "),
      LENGTH_MAX,
    );
  const areClear = new Set(names.map(short)).size === names.length;
  return isMade && areClear ? short : (name) => vmLabel(name, LENGTH_MAX);
}
