import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Slice } from "@tidemark/data";
import { afterAll, expect, test } from "vitest";
import { temporary } from "../testing.ts";
import { readSlices } from "./read-slices.ts";
import { casesOfSlice, keepFailure, writeSweep } from "./sweep-folder.ts";

const folder = temporary();
afterAll(() => folder.remove());

const CASES = ["a", "b", "c", "d"].map((name, i) => ({ name, key: String(i).repeat(64), parameters: [] }));

/** A slice, its first `finished` cases known of. */
function slice(name: string, part: Slice, baseline = "a", finished = 4): string {
  const path = join(folder.path, name);
  mkdirSync(path, { recursive: true });
  writeSweep(path, { schema: 1, tool: "t", baseline, slice: part, cases: CASES });
  for (const each of casesOfSlice(CASES, part).slice(0, finished)) keepFailure(path, each, "no memory");
  return path;
}

const whole = [1, 2, 3].map((index) => slice(`slice-${index}`, { index, of: 3 }));

test("all slices of a comparison, in any order", () => {
  const [one, two, three] = whole;
  expect(readSlices([three, one, two]).map(({ sweep }) => sweep.slice.index)).toEqual([3, 1, 2]);
});

test.each([
  ["missing ones", () => [whole[1]], /^slices 1\/3, 3\/3 are missing; name the folders, or write them with tidemark compare --shard$/],
  ["a missing one", () => whole.slice(0, 2), /^slice 3\/3 is missing/],
  ["one named twice", () => [...whole, whole[1]], /slice-2: slice 2\/3 is named twice$/],
  [
    "one of another baseline",
    () => [whole[0], slice("other", { index: 2, of: 3 }, "b")],
    /other: is a slice of another comparison than \S+slice-1 /,
  ],
  ["one of another number", () => [whole[0], slice("fourth", { index: 2, of: 4 })], /fourth: is a slice of another comparison/],
  [
    "one that is not finished",
    () => [...whole.slice(1), slice("open", { index: 1, of: 3 }, "a", 1)],
    /open: slice 1\/3 has not finished d; run it again, it goes on$/,
  ],
  ["none", () => [folder.path], /has no sweep\.json, so it is no slice; tidemark compare --shard I\/N -o /],
])("%s is named", (_, folders, message) => {
  expect(() => readSlices(folders())).toThrow(message);
});
