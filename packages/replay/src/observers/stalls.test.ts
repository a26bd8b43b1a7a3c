import { latencyTable, reclaimTable, stallsTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { lines, replayOf, textOf, touchesOf } from "../testing.ts";

const written = { touches: touchesOf("0 0 W · 1 1 W · 2 2 W · 3 0 R · 4 1 R · 5 2 R"), configuredPages: 4 };
/** Room for two of the three pages; the oldest goes. */
const HOST = {
  host: { memory: "8KiB", overheadPerVm: 0, minFree: 0 },
  compress: "off",
  balloon: "off",
  share: "off",
  swap: { policy: "fifo" },
  window: "5s",
  sample: "5s",
};

test("counts every wait by cause, at its cost, and every row by its latency", async () => {
  const run = await replayOf(written, HOST);
  // 0 1 | 2 takes 0 | 0 takes 1 | 1 takes 2 | 2 takes 0
  expect(textOf(run, stallsTable, ["time", "cause", "events", "stall"])).toBe(
    lines(`
      0 first touch 1 1500
      0 zeroing 1 500
      5 first touch 3 4500
      5 zeroing 3 1500
      5 swap-in 3 450000
      5 blocked 4 600000
    `),
  );
  expect(textOf(run, latencyTable, ["latency", "rows"])).toBe(
    lines(`
      0 0
      2000 2
      152000 1
      300000 3
    `),
  );
});

test("counts what is waited for after the last sample at the end", async () => {
  const waited = textOf(await replayOf(written, { ...HOST, sample: "3s" }), stallsTable, ["time", "cause", "events"]).split("\n");
  expect(waited.slice(-4)).toEqual(["5 first touch 3", "5 zeroing 3", "5 swap-in 3", "5 blocked 4"]);
  expect(waited.filter((line) => line.startsWith("3 "))).toContain("3 swap-in 1");
});

test("counts what was done to the pages", async () => {
  const counted = textOf(await replayOf(written, HOST), reclaimTable, ["counter", "value"]).split("\n");
  expect(counted.filter((line) => !line.endsWith(" 0"))).toEqual(["swapIn 3", "swapOut 4", "cleanSwapOut 1"]);
});

test("are not there where memory is never scarce", async () => {
  const run = await replayOf(written, {});
  expect(textOf(run, stallsTable, ["vm"])).toBe("no table");
  expect(textOf(run, latencyTable, ["vm"])).toBe("no table");
  expect(textOf(run, reclaimTable, ["vm"])).toBe("no table");
});
