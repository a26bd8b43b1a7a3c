import { gapTable, tableOf, toCsv } from "@tidemark/data";
import { expect, test } from "vitest";
import { chartNumbers, numbersAt, numbersCsv, timesOf } from "./chart-numbers.ts";
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

test("what there is at the nearest instant, of a VM or of all", () => {
  const numbers = chartNumbers(table);
  if (numbers === undefined) throw new Error("too many");
  expect(numbersAt(numbers, "a", 6)?.rows.map(({ pages }) => pages)).toEqual([3, 4]);
  expect(numbersAt(numbers, "b", 6)?.rows.map(({ pages }) => pages)).toEqual([2]);
  expect(numbersAt(numbers, "", 1)?.rows.map(({ pages }) => pages)).toEqual([1, 2]);
  expect(numbersAt(numbers, "c", 6)).toBeUndefined();
  expect(timesOf(numbers, "a")).toEqual([0, 10]);
});

test("too many numbers are left out", () => {
  const many = tableOf(
    gapTable,
    Array.from({ length: 50_000 }, (_, i) => row(i, "a", "freed", i)),
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
