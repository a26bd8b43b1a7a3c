import { readParams, seededRandom } from "@tidemark/data";
import { expect, test } from "vitest";
import { estimatorLaws } from "../estimator-laws.ts";
import { abitScan } from "./abit-scan.ts";

estimatorLaws(abitScan);

test("counts the pages touched since the last scan, and clears their bits", () => {
  const lastTouch = [1, 1, 2, 0, 3];
  let epoch = 1;
  const view = {
    configuredPages: lastTouch.length,
    epoch: () => epoch,
    touchedSince: (ppn: number, from: number) => lastTouch[ppn] >= Math.max(1, from),
    countTouchedSince: (from: number) => lastTouch.filter((e) => e >= Math.max(1, from) && e <= epoch).length,
  };
  const scan = abitScan.create(view, readParams("abit-scan", abitScan.params, {}), seededRandom(1, "vm", "abit-scan"));
  expect(scan.read().reported).toBeNaN();
  epoch = 2;
  scan.periodEnded();
  expect(scan.read().reported).toBe(3);
  epoch = 3;
  scan.periodEnded();
  expect(scan.read().reported).toBe(1);
});
