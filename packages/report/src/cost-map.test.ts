import fc from "fast-check";
import { expect, test } from "vitest";
import { costAreas } from "./cost-map.ts";

const MODES = ["nested", "shadow"] as const;

test("neighbours with the same mode are one area, and areas end half way to the next cost", () => {
  const points = [100, 400].flatMap((exit) =>
    [10, 40].map((reference) => ({ exit, reference, mode: exit === 400 && reference === 10 ? "nested" : "shadow" })),
  );
  expect(costAreas(points)).toEqual([
    { mode: "shadow", exitFrom: 50, exitTo: 200, referenceFrom: 5, referenceTo: 20 },
    { mode: "nested", exitFrom: 200, exitTo: 800, referenceFrom: 5, referenceTo: 20 },
    { mode: "shadow", exitFrom: 50, exitTo: 800, referenceFrom: 20, referenceTo: 80 },
  ]);
});

test("a single point has an area, no point none", () => {
  const [area] = costAreas([{ exit: 100, reference: 10, mode: "shadow" }]);
  expect([area?.exitFrom, area?.exitTo]).toEqual([expect.closeTo(89.09, 2), expect.closeTo(112.25, 2)]);
  expect(costAreas([])).toEqual([]);
});

test("every point lies in exactly one area, of its own mode", () => {
  const grids = fc.array(fc.array(fc.constantFrom(...MODES), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(grids, (grid) => {
      const points = grid.flatMap((row, r) => row.map((mode, e) => ({ exit: 100 * 2 ** e, reference: 4 * 3 ** r, mode })));
      const areas = costAreas(points);
      for (const { exit, reference, mode } of points) {
        const holding = areas.filter(
          (a) => exit > a.exitFrom && exit < a.exitTo && reference > a.referenceFrom && reference < a.referenceTo,
        );
        expect(holding.map((area) => area.mode)).toEqual([mode]);
      }
    }),
    { seed: 1 },
  );
});
