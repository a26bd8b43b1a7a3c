import { expect, test } from "vitest";
import { parseDecimal } from "./decimal-text.ts";

test.each([
  ["1234.5", 1234.5],
  ["1234,5", 1234.5],
  ["1,234.5", 1234.5],
  ["1.234,5", 1234.5],
  ["1 234,5", 1234.5],
  ["1\u202f234,5", 1234.5],
  ["1’234.5", 1234.5],
  ["1,234,567", 1234567],
  ["0,123", 0.123],
  ["-7", -7],
  ["−7,5", -7.5],
  ["1e3", 1000],
])("%s is %f", (text, value) => {
  expect(parseDecimal(text, undefined)).toBe(value);
});

test("what can be read two ways is read as told", () => {
  expect(parseDecimal("1,234", undefined)).toMatch(/two ways/);
  expect(parseDecimal("1,234", "comma")).toBe(1.234);
  expect(parseDecimal("1,234", "point")).toBe(1234);
  expect(parseDecimal("1.234", "comma")).toBe(1234);
});

test.each(["", "x", "1,2,3", "1.2.3", "0x10", "1,23.4", "NaN", "Infinity", "--1"])("%j is no number", (text) => {
  expect(parseDecimal(text, undefined)).toBe("is not a number");
});
