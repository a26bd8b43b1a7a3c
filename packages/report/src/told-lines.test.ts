import {
  estimatesTable,
  exitsTable,
  gapTable,
  heatTable,
  stallsTable,
  tableOf,
  tableSpec,
  timelineTable,
  workingSetTable,
  type Table,
} from "@tidemark/data";
import { expect, test } from "vitest";
import { chartNumbers, panelRows, rowsAt, type ChartNumbers, type NumbersRow } from "./chart-numbers.ts";
import { STALL_WORDS } from "./host/stall-kinds.ts";
import { EXIT_WORDS } from "./mode-words.ts";
import { toldLines } from "./told-lines.ts";

const S = 1e9;
const numbersOf = (table: Table): ChartNumbers => {
  const numbers = chartNumbers(table);
  if (numbers === undefined) throw new Error("too many");
  return numbers;
};
const allOf = (numbers: ChartNumbers): readonly NumbersRow[] => rowsAt(numbers, panelRows(numbers, {}), []);
const time = { x: { column: "time", unit: S } };

test("classes and memory are in the legend's words, with pages and bytes; what is not there is not told", () => {
  const row = (cls: string, pages: number) => ({ time: 7 * S, vm: "a", class: cls, pages });
  const { time: at, vm, class: cls, pages } = gapTable.columns;
  const spec = tableSpec({ name: "gap", about: "", columns: { time: at, vm, class: cls, pages } });
  const numbers = numbersOf(tableOf(spec, [row("freed", 33_063), row("idle1", 0)]));
  expect(toldLines({ numbers, words: {}, names: {} }, { vm: "a" }, time, allOf(numbers), S)).toEqual([
    "7 s",
    "freed by the guest, still backed: 33,063 pages, 135,426,048 bytes (129.2 MiB)",
  ]);
});

test("a number keeps its name where the others of its row are not known", () => {
  const { vm, estimator, reported } = estimatesTable.columns;
  const spec = {
    name: "",
    about: "",
    columns: { time: estimatesTable.columns.time, vm, estimator, reported, active: timelineTable.columns.active },
  };
  const rows = ["esx-sampler", "abit-scan"].map((name) => ({ time: 0, vm: "a", estimator: name, reported: NaN, active: 3 }));
  const numbers = numbersOf(tableOf(spec, rows));
  expect(toldLines({ numbers, words: { active: "truth" }, names: {} }, {}, time, allOf(numbers), S)).toEqual([
    "0 s",
    "esx-sampler, truth: 3 pages, 12,288 bytes (12 KiB)",
    "abit-scan, truth: 3 pages, 12,288 bytes (12 KiB)",
  ]);
});

test("instants and intervals are told as exactly as the axis and the interval are, however late in the trace", () => {
  const { vm, pages, core } = exitsTable.columns;
  const { time: at, from, exits } = exitsTable.columns;
  const spec = tableSpec({ name: "", about: "", columns: { vm, pages, core, from, time: at, exits } });
  const numbers = numbersOf(tableOf(spec, [{ vm: "a", pages: "4k/4k", core: "skylake", from: 2.06e9, time: 2.0603e9, exits: 2 }]));
  const told = (x: Parameters<typeof toldLines>[2]["x"]) =>
    toldLines({ numbers, words: {}, names: {} }, { vm: "a" }, { x }, allOf(numbers), S)[0];
  expect(told({ column: "from", end: "time", unit: S })).toBe("2.06 s to 2.0603 s");
  expect(told({ column: "time", unit: S })).toBe("2.06 s");
  expect(told({ column: "time", unit: 1e6 })).toBe("2.0603 s");
});

test("stretches of time and of addresses are told from end to end", () => {
  const numbers = numbersOf(tableOf(heatTable, [{ vm: "a", time: S, timeEnd: 1.5 * S, ppn: 512, ppnEnd: 1024, accesses: 1 }]));
  const under = { x: { column: "time", end: "timeEnd", unit: S }, y: { column: "ppn", end: "ppnEnd", unit: 256 } };
  expect(toldLines({ numbers, words: {}, names: {} }, { vm: "a" }, under, allOf(numbers), S)).toEqual([
    "1 s to 1.5 s",
    "guest-physical pages 512 to 1,023: 512 pages, 2,097,152 bytes (2 MiB)",
    "accesses: 1",
  ]);
});

test("what a panel is of is not told again; units are one or many", () => {
  const of = { vm: "a", pages: "4k/4k", core: "zen4" };
  const row = (reason: string, exits: number) => ({ ...of, from: 0, time: S, mode: "nested", reason, exits });
  const numbers = numbersOf(tableOf(exitsTable, [row("ept violation", 1), row("cr3 load", 2)]));
  const under = { x: { column: "from", end: "time", unit: S } };
  expect(toldLines({ numbers, words: {}, names: EXIT_WORDS }, of, under, allOf(numbers), S)).toEqual([
    "0 s to 1 s",
    "nested, EPT violations: 1 event",
    "nested, CR3 loads: 2 events",
  ]);
});

test("a row alone has its texts beside its numbers; waiting is told by what the legend calls it", () => {
  const { events: _, ...columns } = stallsTable.columns;
  const numbers = numbersOf(tableOf({ ...stallsTable, columns }, [{ time: S, vm: "a", cause: "zeroing", stall: 1500 }]));
  expect(
    toldLines({ numbers, words: { cause: "waited for", stall: "waited" }, names: STALL_WORDS }, { vm: "a" }, time, allOf(numbers), S),
  ).toEqual(["1 s", "waited for: first touch of new memory (zeroing)", "waited: 1.5 µs"]);
});

test("lengths of windows and kinds of accesses have names; more lines than can be read are none", () => {
  const row = (op: string) => ({ vm: "a", op, window: 0.1 * S, mean: 1.5, max: 2, time: 0 });
  const numbers = numbersOf(tableOf(workingSetTable, [row("all"), row("writes")]));
  const under = { x: { column: "window", unit: 1 } };
  const lines = toldLines({ numbers, words: { max: "largest" }, names: { all: "touched" } }, { vm: "a" }, under, allOf(numbers), S);
  expect(lines.slice(0, 3)).toEqual([
    "window: 100 ms",
    "touched, mean: 1.5 pages, 6,144 bytes (6 KiB)",
    "touched, largest: 2 pages, 8,192 bytes (8 KiB)",
  ]);
  const many = Array.from({ length: 13 }, () => allOf(numbers)[0] ?? {});
  expect(toldLines({ numbers, words: {}, names: {} }, { vm: "a" }, under, many, S)).toEqual([]);
});
