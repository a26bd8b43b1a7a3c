import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { formatTime, NS_PER, parseTime, roundTime } from "./time-text.ts";

test.each([
  ["0", 0],
  ["0s", 0],
  ["33ns", 33],
  ["10us", 10_000],
  ["10µs", 10_000],
  [" 20 ms ", 20_000_000],
  ["6.5s", 6_500_000_000],
  [".5s", 500_000_000],
  ["5.s", 5_000_000_000],
  ["1.1s", 1_100_000_000], // 1.1 × 10^9 is not whole in floating point
  ["5min", 300e9],
  ["1h", 3600e9],
  ["104d", 104 * 86400e9],
])("%j is %d ns", (text, ns) => {
  expect(parseTime(text, "--at")).toBe(ns);
});

test.each(["", "s", "6.5", "-1s", "1e3s", "1,5s", "6.5 parsecs", "1S", "1constructor", "1s2ms", "0x10ns", "NaN", "Infinitys"])(
  "%j is refused",
  (text) => {
    const message = `--at: "${text}" is not a time; write a number and a unit: 500ns, 10us, 20ms, 6.5s, 5min, 1h, 2d`;
    expect(() => parseTime(text, "--at")).toThrow(new InputError(message));
  },
);

test("a time that is not exact in whole ns any more is refused", () => {
  expect(() => parseTime("105d", "window")).toThrow(new InputError('window: "105d" is more than 104 days'));
});

test("every unit is read and what is formatted is read back", () => {
  for (const [unit, ns] of Object.entries(NS_PER)) expect(parseTime(`3${unit}`, "t")).toBe(3 * ns);
  fc.assert(
    fc.property(fc.nat(), fc.nat(9), (n, power) => {
      const ns = n * 10 ** power;
      fc.pre(Number.isSafeInteger(ns));
      expect(parseTime(formatTime(ns), "t")).toBe(ns);
    }),
    { seed: 1 },
  );
});

test.each([
  [0, "0 s", "0 s"],
  [33, "33 ns", "33 ns"],
  [1500, "1.5 µs", "1.5 µs"],
  [10e6, "10 ms", "10 ms"],
  [999_999_999, "999.999999 ms", "1000 ms"],
  [7_058_123_456, "7.058123456 s", "7.058 s"],
  [-2e9, "-2 s", "-2 s"],
])("%d ns reads %s, for people %s", (ns, exact, rounded) => {
  expect(formatTime(ns)).toBe(exact);
  expect(roundTime(ns)).toBe(rounded);
});

test.each([
  [2_061_234_567, 3e9, "2.061 s"],
  [2_061_234_567, 3e6, "2.061 s"],
  [2_061_234_567, 3e5, "2.0612 s"],
  [2_061_234_567, 1e5, "2.0612 s"],
  [2_061_234_567, 1, "2.061234567 s"],
  [2_061_234_567, 0, "2.061234567 s"],
  [20_123_456, 300, "20.1235 ms"],
])("%d ns, told from what is %d ns away, reads %s", (ns, stepNs, text) => {
  expect(roundTime(ns, stepNs)).toBe(text);
});
