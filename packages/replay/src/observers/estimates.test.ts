import { estimatesTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { observerLaws } from "../observer-laws.ts";
import { lines, replayOf, textOf, touchesOf } from "../testing.ts";
import { estimates } from "./estimates.ts";

observerLaws(estimates, estimatesTable);

test("has a row per sample, VM and estimator, the chosen one first, each with its period", async () => {
  const touches = touchesOf("0 0 W · 1 1 W · 2 2 W · 4 0 W").flatMap((t) => [t, { ...t, vm: 1, ppn: t.ppn + 100 }]);
  // The sampler draws all 256 pages, so that its reading is exact: 2/256 in the first period, then 1/256.
  const estimator = { name: "esx-sampler", pages: 256, period: "1s", slow: 0.5, fast: 0.5 };
  const run = await replayOf({ vms: ["a", "b"], touches, configuredPages: 256 }, { window: "2s", sample: "2s", estimator });
  expect(textOf(run, estimatesTable, ["time", "vm", "estimator", "reported", "slow", "next"])).toBe(
    lines(`
      0 a esx-sampler -   -     -
      0 a abit-scan   -   -     -
      0 b esx-sampler -   -     -
      0 b abit-scan   -   -     -
      2 a esx-sampler 2   1.5   0.75
      2 a abit-scan   3   -     -
      2 b esx-sampler 2   1.5   0.75
      2 b abit-scan   3   -     -
      4 a esx-sampler 1   0.875 0.4375
      4 a abit-scan   1   -     -
      4 b esx-sampler 1   0.875 0.4375
      4 b abit-scan   1   -     -
    `),
  );
});

test("with a time scale the hypervisor's periods are shorter in the trace", async () => {
  const touches = touchesOf("0 0 W · 3 1 W · 6 2 W · 12 0 W");
  const scan = async (timeScale: number) => {
    const run = await replayOf(
      { touches, configuredPages: 256 },
      { window: "1s", sample: "6s", timeScale, estimator: { name: "abit-scan", period: "60s" } },
    );
    return textOf(run, estimatesTable, ["time", "estimator", "reported"])
      .split("\n")
      .filter((line) => line.includes("abit"));
  };
  expect(await scan(10)).toEqual(["0 abit-scan -", "6 abit-scan 3", "12 abit-scan 1"]);
  expect(await scan(1)).toEqual(["0 abit-scan -", "6 abit-scan -", "12 abit-scan -"]);
});
