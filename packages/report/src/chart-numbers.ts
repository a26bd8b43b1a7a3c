import { tableSpec, toCsv, type Column, type Table } from "@tidemark/data/shapes";
import type { ChartPanel } from "./chart.ts";
import type { Along } from "./layers.ts";

/** The numbers of a chart as a page holds them, column by column; null is not known. */
export interface ChartNumbers {
  readonly columns: {
    readonly [name: string]: { readonly unit: string; readonly type: Column["type"]; readonly cells: readonly (string | number | null)[] };
  };
}

/** Cells of numbers per chart, at most: with it a page stays under 5 MB whatever the run. */
const CELLS_MAX = 700_000;

/** Undefined where they are too many for a page. */
export function chartNumbers({ spec, length, columns }: Table): ChartNumbers | undefined {
  const listed = Object.entries(spec.columns);
  if (length * listed.length > CELLS_MAX) return undefined;
  return {
    columns: Object.fromEntries(
      listed.map(([name, { unit, type }]) => [
        name,
        { unit, type, cells: Array.from(columns[name] ?? [], (cell) => (Number.isNaN(cell) ? null : cell)) },
      ]),
    ),
  };
}

/** The numbers as the chart's CSV file. */
export function numbersCsv({ columns }: ChartNumbers): string {
  const listed = Object.entries(columns);
  const spec = tableSpec({
    name: "",
    about: "",
    columns: Object.fromEntries(listed.map(([name, { unit, type }]) => [name, { unit, type, about: "" }])),
  });
  const cells = listed.map(([name, { type, cells: own }]) => [
    name,
    type === "text" ? own.map((cell) => String(cell ?? "")) : Float64Array.from(own, (cell) => Number(cell ?? NaN)),
  ]);
  return toCsv({ spec, length: listed[0]?.[1].cells.length ?? 0, columns: Object.fromEntries(cells) });
}

/** Numbers of a chart in one row. */
export type NumbersRow = { readonly [column: string]: string | number | null };

/** A place on an axis, as the axis measures (px), and how values of the column that lies along it are measured there. */
export interface Place extends Along {
  readonly at: number;
  measured(value: number): number;
}

/** Of these rows those at the value of each axis that is nearest to a place; none where the axis has stretches and the place is in none of them. */
export function rowsAt(numbers: ChartNumbers, among: readonly number[], places: readonly Place[]): readonly NumbersRow[] {
  let rows = among;
  for (const { column, end, at, measured } of places) {
    const [from, to] = [cellsOf(numbers, column), cellsOf(numbers, end ?? column)];
    const distance = (row: number): number => {
      const [a, b] = [measured(Number(from[row])), measured(Number(to[row]))];
      return Math.max(0, Math.min(a, b) - at, at - Math.max(a, b));
    };
    let nearest = NaN;
    let least = end === undefined ? Infinity : Number.MIN_VALUE;
    for (const row of rows) {
      const far = distance(row);
      if (far >= least) continue;
      least = far;
      nearest = Number(from[row]);
    }
    rows = rows.filter((row) => from[row] === nearest);
  }
  return rows.map((row) => Object.fromEntries(Object.entries(numbers.columns).map(([name, { cells }]) => [name, cells[row] ?? null])));
}

/** Values of a column that these rows have, ascending; each with where it ends, where it is a stretch. */
export function stretchesOf(
  numbers: ChartNumbers,
  among: readonly number[],
  { column, end }: Along,
): readonly (readonly [number, number])[] {
  const [from, to] = [cellsOf(numbers, column), cellsOf(numbers, end ?? column)];
  const ends = new Map(among.map((row) => [Number(from[row]), Number(to[row])]));
  return [...ends].sort(([a], [b]) => a - b);
}

const cellsOf = ({ columns }: ChartNumbers, name: string): readonly (string | number | null)[] => columns[name]?.cells ?? [];

/** The rows of a panel: those that have its texts, where the numbers have such columns. */
export function panelRows({ columns }: ChartNumbers, of: ChartPanel["of"]): readonly number[] {
  const asked = Object.entries(of).flatMap(([name, text]) => {
    const column = columns[name];
    return column?.type === "text" ? [{ cells: column.cells, text }] : [];
  });
  const [first] = Object.values(columns);
  return Array.from(first?.cells ?? [], (_, row) => row).filter((row) => asked.every(({ cells, text }) => cells[row] === text));
}
