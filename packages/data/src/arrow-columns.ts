import { readArrowFile, type ArrowColumn } from "./arrow-file.ts";
import { InputError } from "./fail.ts";

type WholeColumn = Uint16Array | Uint32Array | Float64Array | BigUint64Array;

/** Reads the number columns of a whole file of `rows` rows into `columns`, by name. InputError where it has more or fewer rows. */
export async function readColumns<C extends { readonly [name: string]: WholeColumn }>(
  path: string,
  declared: readonly ArrowColumn[],
  rows: number,
  columns: C,
): Promise<C> {
  const names = Object.keys(columns);
  let at = 0;
  const wanted = declared.filter(({ name }) => names.includes(name));
  for await (const { length, columns: read } of readArrowFile(path, wanted)) {
    if (at + length <= rows) wanted.forEach(({ name }, i) => put(columns[name], read[i], length, at));
    at += length;
  }
  if (at !== rows) throw new InputError(`${path}: has ${at} rows where the manifest says ${rows}; ingest the sources again`);
  return columns;
}

function put(into: WholeColumn | undefined, from: unknown, length: number, at: number): void {
  if (into instanceof BigUint64Array) {
    if (from instanceof BigUint64Array) into.set(from.subarray(0, length), at);
  } else if (from instanceof Uint16Array || from instanceof Uint32Array || from instanceof Float64Array) {
    into?.set(from.subarray(0, length), at);
  }
}
