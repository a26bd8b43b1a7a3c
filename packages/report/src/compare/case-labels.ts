import type { caseParametersTable, Row } from "@tidemark/data/shapes";
import { vmLabel } from "../vm-label.ts";

const LENGTH_MAX = 34;

/** A value of a parameter as people write it: of what has a name and parameters of its own `wsclock:window=60s`, of a list its parts. */
export function valueText(value: string): string {
  if (!/^[[{]/.test(value)) return value;
  try {
    return textOf(JSON.parse(value));
  } catch {
    return value; // not of ours
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  if (typeof value !== "object" || value === null || !("name" in value) || typeof value.name !== "string")
    return typeof value === "string" ? value : JSON.stringify(value);
  const { name, ...rest } = value;
  const given = Object.entries(rest).map(([key, each]) => `${key}=${textOf(each)}`);
  return given.length === 0 ? name : `${name}:${given.join(",")}`;
}

/** Values of an axis, short where that tells them apart. */
export function valueLabels(values: readonly string[], lengthMax: number): (value: string) => string {
  const short = (value: string): string => vmLabel(valueText(value), lengthMax);
  const areClear = new Set(values.map(short)).size === values.length;
  return areClear ? short : (value) => `${values.indexOf(value) + 1}: ${short(value)}`;
}

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
        .map(({ value }) => valueText(value))
        .join(" · "),
      LENGTH_MAX,
    );
  const areClear = new Set(names.map(short)).size === names.length;
  return isMade && areClear ? short : (name) => vmLabel(name, LENGTH_MAX);
}
