import fc from "fast-check";
import { expect, test } from "vitest";
import { createCensus, growCensus, nextEpoch, OLD_ROW, RING_ROW, rowStart, SLACK_ROW } from "./census.ts";

test("the ring holds the epochs that are looked back to, and the running one", () => {
  for (const lookBackEpochs of [0, 1, 2, 3, 4, 7, 8, 31, 32]) {
    const { ringEpochs, cells, stride } = createCensus(100, lookBackEpochs);
    expect(ringEpochs).toBeGreaterThanOrEqual(lookBackEpochs + 1);
    expect(Math.log2(ringEpochs) % 1).toBe(0);
    expect(cells.length).toBe((RING_ROW + ringEpochs) * stride);
  }
});

test("an epoch's row is its own until it leaves the ring, then the old one", () => {
  const census = createCensus(20, 3); // a ring of 4
  const rows: number[][] = [];
  for (let epoch = 1; epoch <= 6; epoch++) {
    nextEpoch(census);
    expect(census.epoch).toBe(epoch);
    rows.push(Array.from({ length: epoch }, (_, e) => rowStart(census, e + 1) / census.stride));
  }
  const [old, e0, e1, e2, e3] = [OLD_ROW, RING_ROW, RING_ROW + 1, RING_ROW + 2, RING_ROW + 3];
  expect(rows).toEqual([[e1], [e1, e2], [e1, e2, e3], [e1, e2, e3, e0], [old, e2, e3, e0, e1], [old, old, e3, e0, e1, e2]]);
});

const step = fc.record({ back: fc.nat(6), group: fc.nat(40), final: fc.nat(1), pages: fc.integer({ min: 1, max: 9 }), next: fc.boolean() });

test("counts stay with their epoch and group through folding and growth", () => {
  fc.assert(
    fc.property(fc.nat(9), fc.array(step, { maxLength: 60, size: "max" }), (lookBackEpochs, steps) => {
      const census = createCensus(100, lookBackEpochs);
      nextEpoch(census);
      const slow = new Map<string, number>(); // by epoch or "slack", group and final
      for (const { back, group, final, pages, next } of steps) {
        growCensus(census, group + 1);
        const epoch = census.epoch - back;
        const slack = epoch < 1;
        census.cells[(slack ? SLACK_ROW * census.stride : rowStart(census, epoch)) + 2 * group + final] += pages;
        const key = `${slack ? "slack" : epoch} ${group} ${final}`;
        slow.set(key, (slow.get(key) ?? 0) + pages);
        if (next) nextEpoch(census);
      }
      const expected = new Int32Array(census.cells.length);
      for (const [key, pages] of slow) {
        const [epoch, group, final] = key.split(" ");
        const row = epoch === "slack" ? SLACK_ROW * census.stride : rowStart(census, Number(epoch));
        expected[row + 2 * Number(group) + Number(final)] += pages;
      }
      expect(census.cells).toEqual(expected);
    }),
    { seed: 1 },
  );
});

test("a census with as many groups as it has room for folds all of them", () => {
  const census = createCensus(10, 1);
  nextEpoch(census);
  const { cells, stride, ringEpochs } = census;
  cells.fill(3, rowStart(census, 1), rowStart(census, 1) + stride);
  for (let k = 0; k < ringEpochs; k++) nextEpoch(census);
  expect(Array.from(cells.subarray(OLD_ROW * stride, (OLD_ROW + 1) * stride))).toEqual(Array.from({ length: stride }, () => 3));
});

test("there is room for every group, and none is made without need", () => {
  const census = createCensus(10, 1);
  const { cells } = census;
  growCensus(census, census.stride / 2);
  expect(census.cells).toBe(cells);
  const more = census.stride / 2 + 1;
  growCensus(census, more);
  expect(census.stride).toBeGreaterThanOrEqual(2 * more);
  expect(census.cells.length).toBe((RING_ROW + census.ringEpochs) * census.stride);
});
