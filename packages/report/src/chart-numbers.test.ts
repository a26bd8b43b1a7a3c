import { gapTable, heatTable, tableOf, toCsv, type Table } from "@tidemark/data";
import { expect, test } from "vitest";
import { chartNumbers, numbersCsv, panelRows, rowsAt, stretchesOf, type Place } from "./chart-numbers.ts";
import { packedRows, unpackedRows } from "./packed-rows.ts";

const row = (time: number, vm: string, cls: string, pages: number) => ({
  time,
  vm,
  class: cls,
  kind: "=1+1",
  pages,
  returns: NaN,
  notSeenAgain: NaN,
});
const table = tableOf(gapTable, [row(0, "a", "freed", 1), row(0, "b", "freed", 2), row(10, "a", "freed", 3), row(10, "a", "idle1", 4)]);

test("the page's CSV is the table's", () => {
  const numbers = JSON.parse(JSON.stringify(chartNumbers(table)));
  expect(numbersCsv(numbers)).toBe(toCsv(table));
});

const numbersOf = (of: Table) => {
  const numbers = chartNumbers(of);
  if (numbers === undefined) throw new Error("too many");
  return numbers;
};
const timeAt = (at: number): readonly Place[] => [{ column: "time", unit: 1, at, measured: (ns) => ns }];

test("what there is at the nearest instant, of a VM or of all", () => {
  const numbers = numbersOf(table);
  const pagesAt = (vm: string, at: number) =>
    rowsAt(numbers, panelRows(numbers, vm === "" ? {} : { vm }), timeAt(at)).map(({ pages }) => pages);
  expect(pagesAt("a", 6)).toEqual([3, 4]);
  expect(pagesAt("b", 6)).toEqual([2]);
  expect(pagesAt("", 1)).toEqual([1, 2]);
  // As far from both: the first.
  expect(pagesAt("a", 5)).toEqual([1]);
  expect(pagesAt("c", 6)).toEqual([]);
  expect(stretchesOf(numbers, panelRows(numbers, { vm: "a", core: "a column that is not there" }), { column: "time", unit: 1 })).toEqual([
    [0, 0],
    [10, 10],
  ]);
});

test("of stretches on two axes the one that a place is in, on axes that are measured as they like", () => {
  const bin = (time: number, ppn: number) => ({ vm: "a", time, timeEnd: time + 10, ppn, ppnEnd: ppn + 8, accesses: time + ppn });
  const numbers = numbersOf(tableOf(heatTable, [bin(0, 0), bin(0, 16), bin(10, 8)]));
  const accessesAt = (time: number, ppn: number) =>
    rowsAt(numbers, panelRows(numbers, { vm: "a" }), [
      { column: "time", end: "timeEnd", unit: 1, at: time, measured: (ns) => ns },
      { column: "ppn", end: "ppnEnd", unit: 1, at: 100 - ppn, measured: (page) => 100 - page },
    ]).map(({ accesses }) => accesses);
  expect(accessesAt(3, 4)).toEqual([0]);
  expect(accessesAt(3, 20)).toEqual([16]);
  expect(accessesAt(12, 9)).toEqual([18]);
  expect(accessesAt(12, 20)).toEqual([]);
  expect(accessesAt(3, 12)).toEqual([]);
  expect(accessesAt(21, 9)).toEqual([]);
});

test("too many numbers are left out", () => {
  const many = tableOf(
    gapTable,
    Array.from({ length: 101_000 }, (_, i) => row(i, "a", "freed", i)),
  );
  expect(chartNumbers(many)).toBeUndefined();
});

test("rows come back as they were, new each time", () => {
  const rows = [
    { t: 1, text: "a" },
    { t: null, text: "b" },
  ];
  const packed = packedRows(rows);
  expect(packed).toEqual({ columns: { t: [1, null], text: ["a", "b"] } });
  expect(unpackedRows(packed)).toEqual(rows);
  const mixed = [{ a: 1 }, { b: 2 }];
  expect(unpackedRows(packedRows(mixed))).toEqual(mixed);
  expect(unpackedRows(packedRows([]))).toEqual([]);
});
