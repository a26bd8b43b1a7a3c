import {
  oracleTable,
  oracleTimeTable,
  rightSizeTable,
  tableOf,
  WORKING_SET_OPS,
  workingSetTable,
  type Row,
  type Table,
} from "@tidemark/data/shapes";

const S = 1e9;
const PAGES = 56_275;
const WINDOWS = [0.1, 0.2, 0.5, 1, 2, 5, 7].map((s) => s * S);
const PAGE_IN = 150_000;
const SHARE = { all: 1, reads: 0.9, writes: 0.7 } as const;

/** What VMs need as a count would give it, made from formulas: a span of 7 s, active memory of 500 ms. */
export function exampleNeeds(vms: readonly string[]): readonly Table[] {
  const sets: Row<typeof workingSetTable.columns>[] = [];
  const sizes: Row<typeof rightSizeTable.columns>[] = [];
  const oracle: Row<typeof oracleTable.columns>[] = [];
  const times: Row<typeof oracleTimeTable.columns>[] = [];
  vms.forEach((vm, v) => {
    for (const op of WORKING_SET_OPS)
      for (const window of WINDOWS) {
        const all = (PAGES * SHARE[op]) / (1 + v / 4);
        const part = window / (7 * S);
        sets.push({ vm, op, window, mean: all * part, max: Math.round(all * Math.sqrt(part)), time: 2.5 * S });
      }
    const size = (basis: string, window: number, pages: number, pageIns: number) =>
      sizes.push({
        vm,
        basis,
        window,
        extra: basis === "enough" ? 5 : NaN,
        pages,
        misses: PAGES + pageIns,
        pageIns,
        pageIn: PAGE_IN,
        stall: pageIns * PAGE_IN,
        bound: Math.round(0.6 * pageIns),
      });
    size("configured", NaN, 65_536, 0);
    size("touched", NaN, PAGES, 0);
    size("no page-ins", NaN, 52_689, 0);
    size("live max", NaN, 34_797, 1164);
    size("enough", NaN, 34_224, 2808);
    size("reported max", 0.5 * S, 19_661, 39_356);
    size("working set max", 0.5 * S, 15_040, 50_112);
    size("reported mean", 0.5 * S, 12_879, 56_058);
    size("working set mean", 0.5 * S, 4020, 79_000);
    size("knee", NaN, 3978, 79_563);
    for (const [stall, saved, oneSize] of [
      [0, 0.8, 34_797],
      [0.1 * S, 0.9, 33_900],
    ] as const)
      oracle.push({
        vm,
        stall,
        pageIns: Math.floor(stall / PAGE_IN),
        consumed: 40_000,
        held: 40_000 * (1 - saved),
        saved: 40_000 * saved,
        size: oneSize,
      });
    for (let i = 0; i <= 7; i++) times.push({ time: i * S, vm, consumed: (i + 1) * 7000, neverAgain: i * 7000 });
  });
  return [tableOf(workingSetTable, sets), tableOf(rightSizeTable, sizes), tableOf(oracleTable, oracle), tableOf(oracleTimeTable, times)];
}
