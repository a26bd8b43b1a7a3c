import { expect, test } from "vitest";
import { pickTable, rowOf, rowsOf, tableOf, tableSpec } from "./table.ts";

const spec = tableSpec({
  name: "faults",
  about: "faults per VM",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    time: { type: "time", unit: "ns", about: "instant" },
    faults: { type: "count", unit: "faults", about: "faults" },
    share: { type: "number", unit: "pages", about: "share" },
  },
});
const rows = [
  { vm: "a", time: 1, faults: 3, share: 0.5 },
  { vm: "", time: 2, faults: NaN, share: -1 },
];

test("rows become columns and rows again", () => {
  const table = tableOf(spec, rows);
  expect(table.length).toBe(2);
  expect(table.columns).toEqual({
    vm: ["a", ""],
    time: Float64Array.of(1, 2),
    faults: Float64Array.of(3, NaN),
    share: Float64Array.of(0.5, -1),
  });
  expect(rowsOf(table)).toEqual(rows);
  expect(rowOf(table, 1)).toEqual(rows[1]);
});

test("a table without rows has all its columns", () => {
  const table = tableOf(spec, []);
  expect(table.columns).toEqual({ vm: [], time: new Float64Array(0), faults: new Float64Array(0), share: new Float64Array(0) });
  expect(rowsOf(table)).toEqual([]);
});

test("a table is picked by the name of its declaration", () => {
  const other = tableSpec({ name: "other", about: "", columns: {} });
  const tables = [tableOf(other, []), tableOf(spec, rows)];
  expect(pickTable(tables, spec)).toBe(tables[1]);
  expect(pickTable(tables.slice(0, 1), spec)).toBeUndefined();
});
