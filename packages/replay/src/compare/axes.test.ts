import { InputError } from "@tidemark/data";
import { expect, test } from "vitest";
import { combinations, parseVary } from "./axes.ts";

const valuesOf = (option: string) => parseVary(option).changes.map(({ value, text }) => [value, text]);

test("values are YAML, separated by commas", () => {
  expect(parseVary("host.memory=256MiB,192MiB").path).toBe("host.memory");
  expect(valuesOf("host.memory=256MiB, 192MiB")).toEqual([
    ["256MiB", "256MiB"],
    ["192MiB", "192MiB"],
  ]);
  expect(valuesOf("seed=1,2")).toEqual([
    [1, "1"],
    [2, "2"],
  ]);
  expect(valuesOf("balloon=on,off,{ rate: 2048, poll: 1s }")).toEqual([
    ["on", "on"],
    ["off", "off"],
    [{ rate: 2048, poll: "1s" }, '{"rate":2048,"poll":"1s"}'],
  ]);
  expect(valuesOf("translation.modes=[nested],[shadow, nested]").map(([value]) => value)).toEqual([["nested"], ["shadow", "nested"]]);
  expect(valuesOf("translation.pages=4k/4k")).toEqual([["4k/4k", "4k/4k"]]);
});

test.each([
  ["host.memory", "write path=value,value, for example host.memory=256MiB,192MiB"],
  ["=1", "write path=value,value, for example host.memory=256MiB,192MiB"],
  ["seed=", "has no values"],
  ["modes=[nested", "Flow sequence must end with a ]"],
])("%s is refused", (option, why) => {
  expect(() => parseVary(option)).toThrow(new InputError(`--vary ${option}: ${why}`));
});

test("axes give every combination, the last one fastest", () => {
  const axes = ["a=1,2", "b=x,y,z"].map(parseVary);
  const words = combinations(axes).map((changes) => changes.map(({ text }) => text).join(""));
  expect(words).toEqual(["1x", "1y", "1z", "2x", "2y", "2z"]);
  expect(combinations([])).toEqual([[]]);
});
