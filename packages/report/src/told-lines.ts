import { LEDGER_CLASSES } from "@tidemark/data/shapes";
import type { ChartNumbers, NumbersRow } from "./chart-numbers.ts";
import type { ChartPanel } from "./chart.ts";
import { classWords } from "./class-words.ts";
import { counterWords } from "./counter-words.ts";
import { exactMemory } from "./exact-memory.ts";
import type { Along, Under } from "./layers.ts";
import { formatCount, formatFigure, formatShare } from "./memory-unit.ts";
import type { PayloadChart } from "./page-payload.ts";
import { formatDuration, formatInterval, formatOnAxis, formatSpan } from "./time-unit.ts";

/** Lines at most: of more numbers at one place nothing is told. */
const LINES_MAX = 24;
/** Columns of estimates: a part of a page is not in what was sampled. */
const ESTIMATED: ReadonlySet<string> = new Set(["activeReported", "reported", "low", "high"]);

/** A chart's numbers and what their columns are called. */
type Numbers = Pick<PayloadChart, "words" | "names"> & { readonly numbers: ChartNumbers };

/** What a chart's rows at one place of its axes say, in lines: the place, then their numbers; nothing where there are too many. */
export function toldLines(
  { numbers, words, names }: Numbers,
  of: ChartPanel["of"],
  { x, y }: Under,
  rows: readonly NumbersRow[],
  windowNs: number,
): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const axes = y === undefined ? [x] : [x, y];
  const named = (column: string): string => words[column] ?? counterWords(column);
  const placed = new Set(["time", "vm", ...Object.keys(of), ...axes.flatMap(({ column, end }) => [column, end ?? column])]);
  const columns = Object.entries(numbers.columns).filter(([name]) => !placed.has(name));
  const texts = columns.filter(([, { type }]) => type === "text").map(([name]) => name);
  const counts = columns.filter(([, { type }]) => type !== "text");
  const textWords = (text: string): string => {
    const cls = LEDGER_CLASSES.find((each) => each === text);
    return cls !== undefined && texts.includes("class") ? classWords(cls, windowNs) : (names[text] ?? counterWords(text));
  };
  const textOf = (row: NumbersRow, name: string): string => textWords(String(row[name] ?? ""));
  const countsOf = (row: NumbersRow): readonly (readonly [name: string, said: string])[] =>
    counts.flatMap(([name, { unit }]) => {
      const value = row[name] ?? null;
      // "accesses: 12" says it all.
      const own = unit === name && unit !== "pages" ? "" : unit;
      return value === null ? [] : [[named(name), inUnits(Number(value), own, ESTIMATED.has(name))] as const];
    });
  const aloneLines = (row: NumbersRow): readonly string[] => [
    ...texts.map((name) => `${named(name)}: ${textOf(row, name)}`),
    ...countsOf(row).map(([name, said]) => `${name}: ${said}`),
  ];
  /** Of several rows texts tell them apart. One number needs no name, and a 0 says nothing. */
  const labelledLines = (row: NumbersRow): readonly string[] => {
    const label = texts.map((name) => textOf(row, name));
    if (counts.length > 1) return countsOf(row).map(([name, said]) => `${[...label, name].join(", ")}: ${said}`);
    return counts.every(([name]) => row[name] === 0) ? [] : countsOf(row).map(([, said]) => `${label.join(", ")}: ${said}`);
  };
  const told = rows.length === 1 ? aloneLines(first) : rows.flatMap(labelledLines);
  if (told.length > LINES_MAX) return [];
  return [...axes.map((along) => placeLine(along, first, named(along.column), numbers)), ...told];
}

/** Where the rows are on an axis: an instant or two, guest-physical pages, or a value with its name. */
function placeLine({ column, end = column, unit: per }: Along, row: NumbersRow, name: string, { columns }: ChartNumbers): string {
  const [from, to] = [Number(row[column]), Number(row[end])];
  const { unit = "", type } = columns[column] ?? {};
  if (unit === "PPN") return `guest-physical pages ${formatCount(from)} to ${formatCount(to - 1)}: ${exactMemory(to - from)}`;
  if (type !== "time") return `${name}: ${inUnits(from, unit, false)}`;
  if (end !== column) return formatInterval(from, to);
  return column === "time" ? formatOnAxis(from, { ns: per }) : `${name}: ${formatDuration(from)}`;
}

/** A number with its unit; memory with its bytes. */
function inUnits(value: number, unit: string, isEstimated: boolean): string {
  if (unit === "pages") return exactMemory(isEstimated ? Math.round(value) : value);
  if (unit === "ns") return formatSpan(value);
  if (unit === "%") return formatShare(value, 100);
  if (unit === "cycles") return `${formatFigure(value)} cycles`;
  return value === 1 && unit.endsWith("s") ? `1 ${unit.replace(/(?:(?<=ss)e)?s$/, "")}` : `${formatCount(value)} ${unit}`.trim();
}
