import { expect, test } from "vitest";
import { latencyOf } from "./latency.ts";

const rowsOf = (counts: readonly (readonly [latency: number, rows: number])[]) =>
  counts.map(([latency, rows]) => ({ vm: "a", latency, rows }));

test("the 99th percentile is the least wait that 99 of 100 rows do not exceed", () => {
  expect(
    latencyOf(
      rowsOf([
        [0, 99],
        [5, 1],
      ]),
    ),
  ).toEqual({ rows: 100, waitedRows: 1, p99Ns: 0, maxNs: 5 });
  expect(
    latencyOf(
      rowsOf([
        [9, 1],
        [0, 98],
        [5, 1],
      ]),
    ),
  ).toEqual({ rows: 100, waitedRows: 2, p99Ns: 5, maxNs: 9 });
  expect(latencyOf(rowsOf([[7, 1]]))).toEqual({ rows: 1, waitedRows: 1, p99Ns: 7, maxNs: 7 });
});

test("against a sorted list of all waits", () => {
  let seed = 3;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let n = 0; n < 200; n++) {
    const waits = Array.from({ length: 1 + random(300) }, () => random(6) ** 3);
    const counts = new Map<number, number>();
    for (const wait of waits) counts.set(wait, (counts.get(wait) ?? 0) + 1);
    const sorted = waits.toSorted((a, b) => a - b);
    expect(latencyOf(rowsOf([...counts]))).toEqual({
      rows: waits.length,
      waitedRows: waits.filter((wait) => wait > 0).length,
      p99Ns: sorted[Math.ceil(0.99 * waits.length) - 1],
      maxNs: sorted.at(-1),
    });
  }
});

test("of no rows nothing is known", () => {
  expect(latencyOf(rowsOf([[3, 0]]))).toEqual({ rows: 0, waitedRows: 0, p99Ns: NaN, maxNs: NaN });
});
