import { tableSpec, toCsv, type Column, type Table } from "@tidemark/data";

/** The numbers of a chart as a page holds them, column by column; null is not known. */
export interface ChartNumbers {
  readonly columns: {
    readonly [name: string]: { readonly unit: string; readonly type: Column["type"]; readonly cells: readonly (string | number | null)[] };
  };
}

/** Cells of numbers per chart, at most: with it a page stays under 5 MB whatever the run. */
const CELLS_MAX = 300_000;

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

/** What a chart shows of a VM at the instant of its numbers that is nearest to a time: a line each. */
export interface NumbersAt {
  readonly timeNs: number;
  readonly rows: readonly { readonly [name: string]: string | number | null }[];
}

/** The rows at the time nearest to `timeNs`, of a VM where the numbers have VMs; undefined where there are none. */
export function numbersAt({ columns }: ChartNumbers, vm: string, timeNs: number): NumbersAt | undefined {
  const times = columns["time"]?.cells ?? [];
  const vms = vm === "" ? undefined : columns["vm"]?.cells;
  let nearest = NaN;
  times.forEach((time, i) => {
    if (vms !== undefined && vms[i] !== vm) return;
    if (!(Math.abs(Number(time) - timeNs) >= Math.abs(nearest - timeNs))) nearest = Number(time);
  });
  if (Number.isNaN(nearest)) return undefined;
  const places = times.flatMap((time, i) => (time === nearest && (vms === undefined || vms[i] === vm) ? [i] : []));
  const rows = places.map((i) => Object.fromEntries(Object.entries(columns).map(([name, { cells }]) => [name, cells[i] ?? null])));
  return { timeNs: nearest, rows };
}

/** Times at which the numbers have rows, of a VM where they have VMs; ascending. */
export function timesOf({ columns }: ChartNumbers, vm: string): readonly number[] {
  const vms = vm === "" ? undefined : columns["vm"]?.cells;
  const own = (columns["time"]?.cells ?? []).filter((_, i) => vms === undefined || vms[i] === vm);
  return [...new Set(own.map(Number))].sort((a, b) => a - b);
}
