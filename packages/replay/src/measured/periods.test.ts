import { expect, test } from "vitest";
import { periodsOf } from "./periods.ts";

const S = 1e9;
const at = (stepS: number, count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => i * stepS * S);

test("periods begin where a report changes, whatever the first sample", () => {
  const values = Float64Array.from([7, 5, 5, 5, 6, 6, 6, 4, 4]); // one sample of a period that began before
  expect([...periodsOf(at(20, 9), values, 60 * S, "web").values]).toEqual([7, 5, 6, 4]);
});

test("a period without a sample is not known; its end is", () => {
  const times = Float64Array.from([0, 60, 180, 240], (s) => s * S);
  const { values, endsNs } = periodsOf(times, Float64Array.from([1, 2, 4, NaN]), 60 * S, "web");
  expect([...values]).toEqual([1, 2, NaN, 4, NaN]);
  expect([...endsNs]).toEqual([30, 90, 150, 210, 270].map((s) => s * S));
});

test("samples farther apart than periods are refused", () => {
  expect(() => periodsOf(at(300, 5), new Float64Array(5), 60 * S, "web")).toThrow(
    "web: samples are 300 s apart, and the estimator's period is 60 s; sample at least once in a period",
  );
});
