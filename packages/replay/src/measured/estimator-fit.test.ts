import { estimatesTable, measuredCounters, measuredTable, rowsOf, tableOf } from "@tidemark/data";
import { expect, test } from "vitest";
import { estimatorFit, type FitPlan } from "./estimator-fit.ts";

const SIZE = 1000;
const S = 1e9;
const unknown = Object.fromEntries(Object.keys(measuredCounters).map((name) => [name, NaN]));

/** A VM of 1,000 pages of which so many are reported as active after each period of 60 s, and for the next one; sampled every 30 s. */
const measuredOf = (reported: readonly number[], vm = "web"): FitPlan["measured"] =>
  tableOf(
    measuredTable,
    reported.flatMap((activeReported, i) =>
      [0, 30].map((s) => ({ ...Object(unknown), vm, time: (60 * (i + 1) + s) * S, configured: SIZE, activeReported })),
    ),
  );

/** The exact fast average of a share that jumps every ten periods: what a sampler of all pages would report with equal gains. */
const jumps = Array.from({ length: 60 }, (_, i) => (i % 20 < 10 ? 200 : 600));

test("the truth of a replay beside it tells gains apart that a steady share would not", () => {
  const slow = 0.1;
  const fast = 0.6;
  let [slowly, quickly] = [200, 200];
  const reported = jumps.map((touched) => {
    const held = Math.max(slowly, quickly, quickly + fast * (touched - quickly));
    slowly += slow * (touched - slowly);
    quickly += fast * (touched - quickly);
    return Math.round(held / 10) * 10;
  });
  const estimates = tableOf(
    estimatesTable,
    jumps.map((touched, i) => ({
      time: 60 * (i + 1) * S,
      vm: "web",
      estimator: "abit-scan",
      reported: touched,
      slow: NaN,
      fast: NaN,
      next: NaN,
      low: NaN,
      high: NaN,
    })),
  );
  const plan = { measured: measuredOf(reported), periodNs: 60 * S, seed: 1 };
  const [fit] = rowsOf(estimatorFit({ ...plan, estimates }));
  expect(fit).toMatchObject({ vm: "web", truth: "replayed", slow: 0.1, fast: expect.closeTo(0.6, 0), periods: expect.any(Number) });
  expect(Math.abs((fit?.fast ?? 0) - fast)).toBeLessThan(0.11);
  expect(rowsOf(estimatorFit({ ...plan, estimates: undefined }))[0]?.error).toBeGreaterThan(2 * (fit?.error ?? Infinity));
});

test("too little, or nothing, is refused in a line", () => {
  const plan = { estimates: undefined, periodNs: 60 * S, seed: 1 };
  expect(() => estimatorFit({ ...plan, measured: measuredOf([1, 2, 3]) })).toThrow(
    "web: too few periods with a measured active memory to fit gains to; ten is the least",
  );
  const sizeless = tableOf(
    measuredTable,
    rowsOf(measuredOf(jumps)).map((row) => ({ ...row, configured: NaN })),
  );
  expect(() => estimatorFit({ ...plan, measured: sizeless })).toThrow("no VM has a measured active memory and a known size");
  const onHost = measuredOf(jumps, "");
  expect(() => estimatorFit({ ...plan, measured: onHost })).toThrow("no VM has a measured active memory");
});
