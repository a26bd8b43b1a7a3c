import fc from "fast-check";
import { expect, test } from "vitest";
import { longestGaps, type Gaps } from "./longest-gaps.ts";

const PAGES = 8;
type Touch = readonly [ns: number, page: number];

function found(touches: readonly Touch[], most: number, cut = touches.length): Gaps {
  const { step, finish } = longestGaps(PAGES, most);
  for (const part of [touches.slice(0, cut), touches.slice(cut)])
    step(
      Uint32Array.from(part, ([, page]) => page),
      Float64Array.from(part, ([ns]) => ns),
      part.length,
    );
  return finish();
}

test("worked by hand: page 0 is left for 7 and then 2, page 5 touched once; touches at one time leave nothing", () => {
  const touches: Touch[] = [
    [1, 0],
    [1, 0],
    [4, 5],
    [8, 0],
    [10, 0],
  ];
  expect(found(touches, 5)).toEqual({
    longestNs: Float64Array.of(7, 2),
    firstNs: Float64Array.of(1, 4),
    lastNs: Float64Array.of(4, 10),
  });
  expect(found(touches, 1).longestNs).toEqual(Float64Array.of(7));
  expect(found(touches, 0).longestNs).toEqual(new Float64Array(0));
  expect(found([], 3)).toEqual({ longestNs: new Float64Array(0), firstNs: new Float64Array(0), lastNs: new Float64Array(0) });
});

test("they are the first of all gaps sorted", () => {
  const touches = fc.array(fc.tuple(fc.nat(200), fc.nat(PAGES - 1)), { maxLength: 80, size: "max" });
  fc.assert(
    fc.property(touches, fc.nat(90), fc.nat(80), (list, most, cut) => {
      const inOrder = list.toSorted((a, b) => a[0] - b[0]);
      const gaps: number[] = [];
      for (let page = 0; page < PAGES; page++) {
        const times = inOrder.filter((touch) => touch[1] === page).map(([ns]) => ns);
        times.forEach((ns, i) => {
          const gap = ns - (times[i - 1] ?? ns);
          if (gap > 0) gaps.push(gap);
        });
      }
      expect([...found(inOrder, most, cut).longestNs]).toEqual(gaps.sort((a, b) => b - a).slice(0, most));
    }),
    { seed: 1, numRuns: 200 },
  );
});
