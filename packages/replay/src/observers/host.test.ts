import { hostTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { lines, replayOf, textOf, touchesOf, type HandWritten } from "../testing.ts";

/** Six pages are touched on a host that has room for four of them beside its own. */
const SCARCE: HandWritten = {
  touches: touchesOf("0 0 W · 1 1 W · 2 2 W · 3 3 W · 4 4 W · 5 5 W · 6 0 R"),
  configuredPages: 16,
};
const HOST = { host: { memory: "32KiB", overheadPerVm: "16KiB", minFree: 0 }, compress: "off", balloon: "off", window: "2s", sample: "2s" };

test("has free memory, state and thresholds at every sample, and adds up to the machine", async () => {
  const run = await replayOf(SCARCE, HOST);
  expect(textOf(run, hostTable, ["time", "state", "free", "machine", "granted", "consumed", "overhead", "zipCache", "minFree"])).toBe(
    lines(`
      0 high 3 8 1 1 4 0 0
      2 high 1 8 3 3 4 0 0
      4 high 0 8 4 4 4 0 0
      6 high 0 8 4 4 4 0 0
    `),
  );
});

test("is not there where memory is never scarce", async () => {
  expect(textOf(await replayOf(SCARCE, { window: "2s" }), hostTable, ["time"])).toBe("no table");
});
