import { BATCH_ROWS, find, InputError } from "@tidemark/data/shapes";
import { openArrowFile, openArrowStream, sniffArrow, type ArrowTable } from "./arrow-table.ts";
import { ByteWindow, OPEN_END, type ReadBytes } from "./byte-window.ts";
import { CellColumn, columnArrays } from "./cell-column.ts";
import type { ColumnMap } from "./column-map.ts";
import type { ByteFormat, RowKind, TraceFormat } from "./format.ts";
import { formats } from "./formats.ts";
import { accesses } from "./formats/accesses.ts";
import { bindColumns, checkDuplicates, matchHeader, unusedColumns, withoutRepeats, type BoundField, type HeaderMatch } from "./header.ts";
import type { InputFile } from "./input-file.ts";
import type { Input } from "./open-input.ts";
import { packings } from "./packings.ts";
import type { RawBatch } from "./raw-batch.ts";
import { remedyFor } from "./remedies.ts";
import type { Source } from "./source.ts";
import { chunksOf, spool } from "./spool.ts";
import { bindText, readHeader, type BoundTable, type Unknown } from "./text-table.ts";
import { bindRanges, threadsFor, type BoundRanges } from "./threads/range-rows.ts";

const LF = 10;

/** Noted of texts that a tool writes line by line. */

/** An input whose format is known. */
export type Recognised =
  | { readonly format: ByteFormat; readonly window: ByteWindow }
  | { readonly format: RowKind; readonly match: HeaderMatch; readonly table: TableRows };

/** A table with named columns, whatever its rows are written in. */
interface TableRows {
  readonly header: readonly string[];
  /** How rows are written, for messages and lists. */
  readonly written: "text" | "arrow";
  /** Makes columns of its fields; index = index in the header. `workers` as in the plan. */
  bind(fields: readonly BoundField[], workers: number | undefined): BoundTable;
  close(): Promise<void>;
}

/** The input, or the reason to refuse it. */
export function known(recognised: Recognised | Unknown): Recognised {
  if ("unknown" in recognised) throw new InputError(recognised.unknown);
  return recognised;
}

/**
 * Finds out what an input is by its first bytes and its header. `scratch` names a file that may be written, for an Arrow
 * file that is packed: Arrow files are read from their end.
 */
export async function recognise(
  input: Input,
  format: string | undefined,
  map: ColumnMap,
  scratch: () => string,
): Promise<Recognised | Unknown> {
  const { name } = input;
  const wanted: TraceFormat | undefined = format === undefined ? undefined : find("format", formats, format);
  const { window, isPacked } = await unpack(name, input.read);
  const head = window.bytes.subarray(window.start, window.end);
  if (head.length === 0) return { unknown: `${name}: is empty` };
  const byBytes = wanted ?? formats.find((each) => "sniff" in each && each.sniff(head));
  if (byBytes !== undefined && "sniff" in byBytes) return { format: byBytes, window };
  const remedy = wanted === undefined ? remedyFor(head) : undefined;
  if (remedy !== undefined) throw new InputError(`${name}: ${remedy}`);
  const arrow = sniffArrow(head);
  const inPlace = isPacked ? undefined : input.path;
  const table =
    arrow === undefined
      ? await textTable(window, map, name, inPlace === undefined ? undefined : input.file)
      : arrowRows(
          await (arrow === "file"
            ? openArrowFile(inPlace ?? (await spool(window, scratch())), name)
            : openArrowStream(chunksOf(window), name)),
        );
  if ("unknown" in table) return table;
  try {
    // The first line of a README is no header, whatever words it has twice.
    const match = chooseKind(wanted, withoutRepeats(table.header), map, name);
    if (match !== undefined) {
      checkDuplicates(table.header, name);
      return { format: match.kind, match, table };
    }
    await table.close();
    return { unknown: unknownTable(name, table.header) };
  } catch (error) {
    await table.close();
    throw error;
  }
}

/** Begins to read a recognised input. */
export function beginSource(source: Source, recognised: Recognised, map: ColumnMap): () => AsyncGenerator<RawBatch> {
  const { format } = recognised;
  source.format = format.name;
  source.order = format.order ?? "undeclared";
  for (const what of format.lacks ?? []) source.synthesised(what);
  if ("window" in recognised) {
    source.numbersRows = recognised.format.numbersRows === true;
    return async function* () {
      yield* recognised.format.read(recognised.window, source);
      if (!source.numbersRows && recognised.window.lastByte !== LF) source.note(OPEN_END);
      checkRows(source);
    };
  }
  const { match, table } = recognised;
  source.numbersRows = table.written === "arrow";
  const bound = bindColumns(match, table.header, map, source.plan, source.name);
  // Other tables are written batch by batch as they are read, and batches are not the same with threads.
  const { fields, rows } = table.bind(bound, match.kind === accesses ? source.plan.workers : 0);
  const columnOf = (name: string): CellColumn | undefined => fields[match.at.get(name) ?? -1];
  const taker = match.kind.start(columnOf, source);
  const unused = unusedColumns(table.header, bound);
  if (unused.length > 0) source.note(`columns not used: ${unused.join(", ")}`);
  source.vmNames = columnOf("vm")?.words.words ?? source.vmNames;
  return async function* () {
    for await (const cells of rows(source)) yield* taker.take(cells);
    for (const note of taker.notes?.() ?? []) source.note(note);
    checkRows(source);
  };
}

/** A window on the bytes behind any packing. */
async function unpack(name: string, read: ReadBytes, isPacked = false): Promise<{ window: ByteWindow; isPacked: boolean }> {
  const window = new ByteWindow(name, read);
  await window.fill();
  const head = window.bytes.subarray(window.start, window.end);
  const packing = packings.find((each) => each.is(head));
  return packing === undefined ? { window, isPacked } : unpack(name, packing.unpack(name, Uint8Array.from(head), read), true);
}

/** `file`: the text lies in it as it is, so that threads may read parts of it. */
async function textTable(window: ByteWindow, map: ColumnMap, name: string, file: InputFile | undefined): Promise<TableRows | Unknown> {
  const table = await readHeader(window, (column) => isKnownColumn(column, map), name);
  if ("unknown" in table) return table;
  let ranges: BoundRanges | undefined;
  return {
    header: table.header,
    written: "text",
    bind(fields, workers) {
      const from = window.passed + window.start;
      const threads = threadsFor(file?.bytes ?? 0, workers);
      // A pipe has no bytes to place anything at.
      if (threads === 0 || table.quoted || file === undefined || file.bytes <= from) return bindText(window, table, fields);
      return (ranges = bindRanges({ file, name, from, threads }, table, fields));
    },
    close: async () => ranges?.close(),
  };
}

function arrowRows({ header, rows, close }: ArrowTable): TableRows {
  return {
    header,
    written: "arrow",
    bind(bound) {
      const fields = bound.map((field) => field && new CellColumn(field.spec, field.writing, columnArrays(field.spec, BATCH_ROWS)));
      return { fields, rows: (context) => rows(fields, context) };
    },
    close,
  };
}

/** Whether some format reads a column of this name. */
const isKnownColumn = (name: string, map: ColumnMap): boolean =>
  formats.some((format) => "recognises" in format && matchHeader(format, [name], map, name).at.size > 0);

function checkRows(source: Source): void {
  if (source.rows === 0) throw new InputError(`${source.name}: has no rows`);
}

/** undefined: these columns are of no known kind. */
function chooseKind(wanted: TraceFormat | undefined, header: readonly string[], map: ColumnMap, where: string): HeaderMatch | undefined {
  if (wanted !== undefined && "recognises" in wanted) return matchHeader(wanted, header, map, where);
  for (const kind of formats) {
    if (!("recognises" in kind)) continue;
    const match = matchHeader(kind, header, map, where);
    if (kind.recognises((name) => match.at.has(name))) return match;
  }
  return undefined;
}

function unknownTable(where: string, header: readonly string[]): string {
  const found = header.join(", ");
  const shown = JSON.stringify(found.length > 200 ? `${found.slice(0, 200)}...` : found);
  return `${where}: cannot tell the format; the columns it names are ${shown}; name the address with --map gva=COLUMN, or pass --format NAME (tidemark list formats)`;
}
