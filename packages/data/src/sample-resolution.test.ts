import { expect, test } from "vitest";
import { resolvedFrom } from "./sample-resolution.ts";

test("a sample resolves memory that eight of its pages stand for", () => {
  expect([resolvedFrom(56_275, 563), resolvedFrom(1000, 8), resolvedFrom(1000, 1)]).toEqual([800, 1000, 8000]);
});

test("without a sample nothing is below what is resolved", () => {
  expect(1 < resolvedFrom(1000, NaN)).toBe(false);
});
