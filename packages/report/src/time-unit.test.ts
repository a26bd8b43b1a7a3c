import { expect, test } from "vitest";
import { formatDuration, formatDurations, formatInstant, formatInterval, formatOnAxis, formatSpan, timeUnit } from "./time-unit.ts";

test.each([
  [0, "ns"],
  [5e3, "µs"],
  [4.5e6, "ms"],
  [1.9e9, "ms"],
  [7e9, "s"],
  [299e9, "s"],
  [1800e9, "min"],
  [86_400e9, "h"],
])("an axis of %d ns is in %s", (span, unit) => {
  expect(timeUnit(span).name).toBe(unit);
});

test("durations are whole in their natural unit, or have tenths, or are rounded", () => {
  expect([60e9, 90e9, 350e6, 7_200e9, 291_666_667].map(formatDuration)).toEqual(["1 min", "90 s", "350 ms", "2 h", "291.667 ms"]);
  expect([2.5e9, 1.5e6, 250e6].map(formatDuration)).toEqual(["2.5 s", "1.5 ms", "250 ms"]);
  expect([9_999, 10_001].map(formatDuration)).toEqual(["9,999 ns", "10.001 µs"]);
});

test("ranges name their unit once where they can", () => {
  expect(formatDurations(1e9, 5e9)).toBe("1–5 s");
  expect(formatDurations(60e9, 300e9)).toBe("1–5 min");
  expect(formatDurations(500e6, 2_500e6)).toBe("500–2,500 ms");
  expect([formatDurations(2.5e9, 15e9), formatDurations(1.5e9, 7.5e9)]).toEqual(["2.5–15 s", "1.5–7.5 s"]);
  expect(formatDurations(60e9, 150e9)).toBe("1 min – 150 s");
});

test("late instants are also given in the unit of their axis", () => {
  expect(formatInstant(7.058e9)).toBe("7.058 s");
  expect(formatInstant(1790e9)).toBe("1790 s (29.83 min)");
});

test("the ends of an interval can be told from each other, and instants of an axis as it is drawn", () => {
  expect(formatInterval(2.061e9, 2.064e9)).toBe("2.061 s to 2.064 s");
  expect(formatInterval(2.06e9, 2.0603e9)).toBe("2.06 s to 2.0603 s");
  expect(formatInterval(0, 20e6)).toBe("0 s to 20 ms");
  expect(formatInterval(900e9, 900.0002e9)).toBe("900 s (15 min) to 900.0002 s (15 min)");
  expect([1e9, 1e6, 1e3].map((ns) => formatOnAxis(2_061_234_567, { ns }))).toEqual(["2.061 s", "2.061235 s", "2.061234567 s"]);
});

test("measured times have three digits, in one unit", () => {
  expect([0, 15_000, 1_352_000, 59.26e6, 1.05e9, 97e9, 568.3e9, 5 * 3600e9].map(formatSpan)).toEqual([
    "0 ns",
    "15 µs",
    "1.35 ms",
    "59.3 ms",
    "1.05 s",
    "97 s",
    "9.47 min",
    "5 h",
  ]);
});
