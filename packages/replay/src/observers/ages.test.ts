import { agesTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf, type HandWritten } from "../testing.ts";
import { ages } from "./ages.ts";

observerLaws(ages, agesTable);

const agesOf = async (written: HandWritten, scenario: object): Promise<string> =>
  textOf(await replayOf(written, { window: "10s", ...scenario }), agesTable, ["time", "age", "pages"]);

test("counts pages by the age of their last touch, an age of exactly the threshold included", async () => {
  const touches = touchesOf("0 0 W · 3 1 W · 4 2 W · 5 0 R · 9 3 W · 12 3 R");
  expect(await agesOf({ touches, configuredPages: 256 }, { sample: "4s" })).toBe(
    lines(`
      4   4  1
      8   4  2
      8   8  0
      12  4  3
      12  8  2
    `),
  );
});

test("ages reach from one sample period up to the age of the trace, in steps of 1, 2, 5", async () => {
  const run = await agesOf({ touches: touchesOf("7 0 W · 27 1 W"), configuredPages: 256 }, { sample: "1s" });
  const atEnd = run.split("\n").filter((line) => line.startsWith("27 "));
  expect(atEnd).toEqual(["27 1 1", "27 2 1", "27 5 1", "27 10 1", "27 20 1"]);
  expect(run.split("\n").filter((line) => line.startsWith("12 "))).toEqual(["12 1 1", "12 2 1", "12 5 1"]);
});

test("pages that only came with a 2 MB block are cold at every age", async () => {
  const text = await agesOf({ touches: touchesOf("0 0 W · 1 0 W · 2 0 W"), configuredPages: 700 }, { sample: "1s", backing: "2m" });
  expect(text).toBe("1 1 511\n2 1 511\n2 2 511");
});
