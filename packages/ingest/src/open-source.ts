import { find, InputError } from "@tidemark/data";
import { ByteWindow, type ReadBytes } from "./byte-window.ts";
import type { ColumnMap } from "./column-map.ts";
import type { RowKind, TraceFormat } from "./format.ts";
import { formats } from "./formats.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { bindColumns, checkDuplicates, matchHeader, unusedColumns, type HeaderMatch } from "./header.ts";
import { InputFile } from "./input-file.ts";
import type { RawBatch } from "./raw-batch.ts";
import type { OpenSource, Source } from "./source.ts";
import { readHeader, textRows } from "./text-table.ts";
import { BATCH_ROWS } from "@tidemark/data";

/** Bytes of a source behind whatever packed them. */
export interface PackedBytes {
  /** `archive.zip/member`, or the path. */
  readonly name: string;
  readonly read: ReadBytes;
}

/** A window on the unpacked bytes. */
export async function unpack({ name, read }: PackedBytes): Promise<ByteWindow> {
  const window = new ByteWindow(name, read);
  await window.fill();
  if (!isGzip(window.bytes.subarray(window.start, window.end))) return window;
  const head = Uint8Array.prototype.slice.call(window.bytes, window.start, window.end);
  return unpack({ name, read: gunzip(name, head, read) });
}

/** Whether some format reads a column of this name. */
export function isKnownColumn(name: string, map: ColumnMap): boolean {
  return formats.some((format) => "recognises" in format && matchHeader(format, [name], map, "").at.size > 0);
}

/** Finds out what a source is and begins to read it. */
export async function beginSource(source: Source, window: ByteWindow, map: ColumnMap): Promise<() => AsyncGenerator<RawBatch>> {
  const { plan } = source;
  const wanted: TraceFormat | undefined = plan.format === undefined ? undefined : find("format", formats, plan.format);
  const head = window.bytes.subarray(window.start, window.end);
  const byteFormat = wanted === undefined ? formats.find((format) => "sniff" in format && format.sniff(head)) : wanted;
  if (head.length === 0) throw new InputError(`${source.name}: is empty`);
  if (byteFormat !== undefined && "read" in byteFormat) {
    source.format = byteFormat.name;
    return async function* () {
      yield* byteFormat.read(window, source);
      checkRows(source);
    };
  }
  const table = await readHeader(window, (name) => isKnownColumn(name, map), source.name);
  checkDuplicates(table.header, source.name);
  const { kind, at } = chooseKind(wanted, table.header, map, source.name);
  source.format = kind.name;
  const fields = bindColumns({ kind, at }, table.header, map, plan, source.name, BATCH_ROWS);
  const taker = kind.start((name) => fields[at.get(name) ?? -1], source);
  const unused = unusedColumns(table.header, fields);
  if (unused.length > 0) source.note(`columns not used: ${unused.join(", ")}`);
  source.vmNames = fields[at.get("vm") ?? -1]?.words.words ?? source.vmNames;
  return async function* () {
    for await (const cells of textRows(window, table, fields, source)) yield* taker.take(cells);
    for (const note of taker.notes?.() ?? []) source.note(note);
    checkRows(source);
  };
}

function checkRows(source: Source): void {
  if (source.rows === 0) throw new InputError(`${source.name}: has no rows`);
}

function chooseKind(wanted: TraceFormat | undefined, header: readonly string[], map: ColumnMap, where: string): HeaderMatch {
  if (wanted !== undefined && "recognises" in wanted) return matchHeader(wanted, header, map, where);
  const kinds = formats.filter((format): format is RowKind => "recognises" in format);
  for (const kind of kinds) {
    const { at } = matchHeader(kind, header, map, where);
    if (kind.recognises((name) => at.has(name))) return { kind, at };
  }
  const found = header.join(", ");
  const shown = found.length > 200 ? `${found.slice(0, 200)}...` : found;
  throw new InputError(
    `${where}: cannot tell the format; its first line should name its columns, and says: ${shown}; name an address column with --map gva=NAME, or pass --format, one of: ${formats.map((f) => f.name).join(", ")}`,
  );
}

export { InputFile };
export type { OpenSource };
