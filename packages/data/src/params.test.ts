import { describe, expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { choice, count, defaultText, number, parsePlugin, readParams } from "./params.ts";

const params = {
  pages: number({ default: 100, min: 1, max: 1000, unit: "pages", about: "pages drawn" }),
  period: number({ default: 60e9, min: 1, max: 2 ** 53, unit: "ns", about: "period" }),
  uses: count({ default: 2, min: 1, max: 3, about: "uses" }),
  gain: number({ default: 0.5, min: 0, max: 1, unit: "", about: "gain" }),
  report: choice({ default: "period", choices: ["period", "always"], about: "when" }),
};
const read = (given: Record<string, string | number>) => readParams("sampler", params, given);

test("what is not given takes its default", () => {
  expect(read({})).toEqual({ pages: 100, period: 60e9, uses: 2, gain: 0.5, report: "period" });
});

test("numbers, times and choices are read, the bounds belonging to the range", () => {
  expect(read({ pages: "1000", period: "2.5s", uses: "3.0", gain: "0", report: "always" })).toEqual({
    pages: 1000,
    period: 2.5e9,
    uses: 3,
    gain: 0,
    report: "always",
  });
  expect(read({ pages: 1, period: 7 })).toMatchObject({ pages: 1, period: 7 });
});

test("a default is told as one would give it", () => {
  const texts = Object.fromEntries(Object.entries(params).map(([name, param]) => [name, defaultText(param)]));
  expect(texts).toEqual({ pages: "100", period: "60s", uses: "2", gain: "0.5", report: "period" });
  expect(read(texts)).toEqual(read({}));
});

test.each<[Record<string, string | number>, string]>([
  [{ pages: "0" }, "sampler: pages=0 is not a whole number in [1, 1000] pages"],
  [{ pages: 1001 }, "sampler: pages=1001 is not a whole number in [1, 1000] pages"],
  [{ gain: "half" }, "sampler: gain=half is not a number in [0, 1]"],
  [{ gain: "" }, "sampler: gain= is not a number in [0, 1]"],
  [{ gain: " " }, "sampler: gain=  is not a number in [0, 1]"],
  [{ gain: NaN }, "sampler: gain=NaN is not a number in [0, 1]"],
  [{ pages: "1.5" }, "sampler: pages=1.5 is not a whole number in [1, 1000] pages"],
  [{ uses: "2.5" }, "sampler: uses=2.5 is not a whole number in [1, 3]"],
  [{ uses: 2.5 }, "sampler: uses=2.5 is not a whole number in [1, 3]"],
  [{ period: 0.5 }, "sampler: period=0.5 is not a number in [1, 9007199254740992] ns"],
  [{ period: "60" }, 'sampler: period: "60" is not a time; write a number and a unit: 500ns, 10us, 20ms, 6.5s, 5min, 1h, 2d'],
  [{ report: "never" }, "sampler: report=never is not one of period, always"],
  [{ report: 1 }, "sampler: report=1 is not one of period, always"],
  [{ gian: 1 }, 'sampler: unknown parameter "gian"; known: pages, period, uses, gain, report'],
  [{ toString: 1 }, 'sampler: unknown parameter "toString"; known: pages, period, uses, gain, report'],
])("%j is refused", (given, message) => {
  expect(() => read(given)).toThrow(new InputError(message));
});

test("a plug-in without parameters says so", () => {
  expect(() => readParams("lru", {}, { tau: 1 })).toThrow(new InputError('lru: unknown parameter "tau"; known: (none)'));
});

describe("a plug-in as text", () => {
  test("is a name, with parameters after a colon", () => {
    expect(parsePlugin("lru")).toEqual({ name: "lru", given: {} });
    expect(parsePlugin("esx-sampler:pages=400,slow=0.1")).toEqual({ name: "esx-sampler", given: { pages: "400", slow: "0.1" } });
    expect(parsePlugin("x:a==b")).toEqual({ name: "x", given: { a: "=b" } });
  });
  test.each([
    ["x:", 'x:: "" is not name=value'],
    ["x:a", 'x:a: "a" is not name=value'],
    ["x:=1", 'x:=1: "=1" is not name=value'],
    ["x:a=1,", 'x:a=1,: "" is not name=value'],
  ])("%s is refused", (text, message) => {
    expect(() => parsePlugin(text)).toThrow(new InputError(message));
  });
});
