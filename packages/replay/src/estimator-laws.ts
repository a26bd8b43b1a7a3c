import { readParams, seededRandom } from "@tidemark/data/shapes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Estimate, Estimator, TouchView } from "./estimator.ts";

/** What every estimator owes. Called once from each estimator's test. */
export function estimatorLaws(estimator: Estimator): void {
  const params = readParams(estimator.name, estimator.params, {});
  /** Reads before and after every period of a small VM; `touches[k]` are the PPNs touched in period k. */
  const readings = (sizePages: number, touches: readonly (readonly number[])[]): Estimate[] => {
    const lastTouch = new Int32Array(sizePages);
    let epoch = 1;
    const view: TouchView = {
      configuredPages: sizePages,
      epoch: () => epoch,
      touchedSince: (ppn, from) => lastTouch[ppn] >= Math.max(1, from),
      countTouchedSince: (from) => lastTouch.filter((e) => e >= Math.max(1, from)).length,
    };
    const estimation = estimator.create(view, params, seededRandom(7, "vm", estimator.name));
    const all = [estimation.read()];
    for (const ppns of touches) {
      for (const ppn of ppns) lastTouch[ppn % sizePages] = epoch;
      estimation.periodEnded();
      epoch++;
      all.push(estimation.read());
    }
    return all;
  };
  const size = fc.integer({ min: 1, max: 300 });
  const touches = fc.array(fc.array(fc.nat(299), { maxLength: 50, size: "max" }), { minLength: 1, maxLength: 8 });
  const check = (law: (sizePages: number, touched: number[][]) => void) =>
    fc.assert(fc.property(size, touches, law), { seed: 1, numRuns: 100 });

  describe(`${estimator.name} obeys the estimator laws`, () => {
    test("reports nothing before its first full period, then a number of pages of the VM", () => {
      check((sizePages, touched) => {
        const [first, ...rest] = readings(sizePages, touched);
        expect(first.reported).toBeNaN();
        for (const { reported } of rest) expect(reported >= 0 && reported <= sizePages).toBe(true);
      });
    });
    test("equal touches, equal estimates", () => {
      check((sizePages, touched) => {
        expect(readings(sizePages, touched)).toEqual(readings(sizePages, touched));
      });
    });
    test("sees an idle VM as idle and a busy one as busy", () => {
      check((sizePages) => {
        const all = Array.from({ length: sizePages }, (_, ppn) => ppn);
        expect(readings(sizePages, [[], [], []]).at(-1)?.reported).toBe(0);
        expect(readings(sizePages, [all, all, all]).at(-1)?.reported).toBe(sizePages);
      });
    });
    test("a band, where there is one, holds the reported value", () => {
      check((sizePages, touched) => {
        for (const { reported, low, high } of readings(sizePages, touched).slice(1)) {
          if (!Number.isNaN(low)) expect(low <= reported + 0.5 && reported - 0.5 <= high).toBe(true);
        }
      });
    });
  });
}
