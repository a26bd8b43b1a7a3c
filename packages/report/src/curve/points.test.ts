import { curveBoundTable, curveFactsTable, type TableSpec } from "@tidemark/data";
import { expect, test } from "vitest";
import type { Panel } from "../panel.ts";
import { BOUND, lineOf } from "./points.ts";

const ROWS: { readonly [table: string]: readonly object[] } = {
  [curveFactsTable.name]: [{ vm: "v", distinct: 100 }],
  [curveBoundTable.name]: [
    { vm: "v", stall: 0, pages: 30, pageIns: 0 },
    { vm: "v", stall: 1e6, pages: 20, pageIns: 5 },
    { vm: "w", stall: 0, pages: 25, pageIns: 0 },
  ],
};
const panel = { rows: ({ name }: TableSpec) => ROWS[name] ?? [] } as Pick<Panel, "rows"> as Panel; // all that is read of one

test("the bound's line has the sizes asked for and its smallest memories, by size and each once; others those asked for", () => {
  const asked = [
    { policy: BOUND, pages: 30, misses: 100, low: NaN, high: NaN },
    { policy: BOUND, pages: 10, misses: 140, low: NaN, high: NaN },
    { policy: "fifo", pages: 15, misses: 130, low: NaN, high: NaN },
  ];
  const line = (policy: string) => lineOf(panel, "v", policy, asked).map(({ pages, misses }) => [pages, misses]);
  expect(line(BOUND)).toEqual([
    [10, 140],
    [20, 105],
    [30, 100],
  ]);
  expect(line("fifo")).toEqual([[15, 130]]);
});
