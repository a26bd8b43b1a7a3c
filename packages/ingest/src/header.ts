import { InputError, NS_PER } from "@tidemark/data/shapes";
import type { ColumnSpec, ColumnWriting } from "./cell-column.ts";
import type { ColumnMap } from "./column-map.ts";
import type { RowKind } from "./format.ts";
import type { IngestPlan } from "./ingest-plan.ts";

/** Where a row kind's columns stand in a source. */
export interface HeaderMatch {
  /** Canonical name → index in the header. */
  readonly at: ReadonlyMap<string, number>;
  readonly kind: RowKind;
}

/** Finds a kind's columns in a header: mapped ones first, then by name and alias. */
export function matchHeader(kind: RowKind, header: readonly string[], map: ColumnMap, where: string): HeaderMatch {
  const at = new Map<string, number>();
  for (const spec of kind.columns) {
    const mapped = map.get(spec.name);
    const wanted = mapped === undefined ? -1 : header.findIndex((name) => name.trim() === mapped.header);
    if (wanted >= 0) at.set(spec.name, wanted);
  }
  const taken = new Set(at.values());
  for (const spec of kind.columns) {
    if (at.has(spec.name)) continue;
    const hits = header.flatMap((name, i) => (!taken.has(i) && isNameOf(spec, name) ? [i] : []));
    if (hits.length > 1) {
      const names = hits.map((i) => `"${header[i].trim()}"`).join(" and ");
      throw new InputError(`${where}: columns ${names} both mean ${spec.name}; choose one with --map ${spec.name}=NAME`);
    }
    if (hits.length === 1) at.set(spec.name, hits[0]);
  }
  return { at, kind };
}

/** A header in which names that come again are blank. */
export function withoutRepeats(header: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return header.map((name) => {
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst ? name : "";
  });
}

/** Headers that occur twice make every answer a guess. */
export function checkDuplicates(header: readonly string[], where: string): void {
  const seen = new Set<string>();
  for (const name of header.map((raw) => raw.trim())) {
    if (name !== "" && seen.has(name)) throw new InputError(`${where}: has two columns called "${name}"; rename or remove one`);
    seen.add(name);
  }
}

function isNameOf(spec: ColumnSpec, raw: string): boolean {
  const name = raw.trim().toLowerCase();
  if (name === spec.name || spec.aliases.includes(name)) return true;
  if (spec.value !== "time") return false;
  const stem = name.replace(/_(ns|us|ms|s)$/, "");
  return stem !== name && (stem === spec.name || spec.aliases.includes(stem));
}

/** A column that a row kind reads and how it is written, to be given room; undefined where nobody reads it. */
export type BoundField = { readonly spec: ColumnSpec; readonly writing: ColumnWriting } | undefined;

/** The columns of a match; index = index in the header. */
export function bindColumns(
  { at, kind }: HeaderMatch,
  header: readonly string[],
  map: ColumnMap,
  plan: IngestPlan,
  where: string,
): BoundField[] {
  const lacking = kind.columns.filter((spec) => spec.required === true && !at.has(spec.name)).map((spec) => spec.name);
  if (lacking.length > 0)
    throw new InputError(
      `${where}: has no column ${lacking.join(", ")} (found: ${header.join(", ")}); name it with --map ${lacking[0]}=NAME`,
    );
  const fields: BoundField[] = header.map(() => undefined);
  for (const spec of kind.columns) {
    const index = at.get(spec.name);
    if (index === undefined) continue;
    const name = header[index].trim();
    const mapped = map.get(spec.name);
    const isMapped = mapped !== undefined && mapped.header === name;
    if (isMapped) map.markUsed(spec.name);
    const suffix = /_(ns|us|ms|s)$/i.exec(name)?.[1]?.toLowerCase();
    const mappedNs = isMapped ? mapped.nsPer : undefined;
    const nsPer = mappedNs ?? NS_PER[suffix ?? plan.timeUnit ?? spec.unit ?? "ns"];
    const unitKnown = mappedNs !== undefined || suffix !== undefined || (plan.timeUnit ?? spec.unit) !== undefined;
    fields[index] = { spec, writing: { header: name, hex: isMapped && mapped.hex, nsPer, unitKnown, originNs: plan.timeOriginNs } };
  }
  return fields;
}

/** Headers of the columns that no one reads. */
export const unusedColumns = (header: readonly string[], fields: readonly BoundField[]): string[] =>
  header.flatMap((name, i) => (fields[i] === undefined && name.trim() !== "" ? [name.trim()] : []));
