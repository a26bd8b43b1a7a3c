import { expect, test } from "vitest";
import { openTrace } from "@tidemark/data";
import { made, workloadLaws } from "../workload-laws.ts";
import { bootStorm } from "./boot-storm.ts";

workloadLaws(bootStorm, { vms: 3, pages: 800, settled: 50 });

test("guests begin one after the other, fill their pages, and have contents in common", async () => {
  const { folder, manifest } = await made(bootStorm, { vms: 4, pages: 800, settled: 50 });
  expect(manifest.vms.map(({ name }) => name)).toEqual(["boot-storm-1", "boot-storm-2", "boot-storm-3", "boot-storm-4"]);
  const firsts = manifest.vms.map(({ firstNs }) => firstNs ?? NaN);
  expect(firsts.toSorted((a, b) => a - b)).toEqual(firsts);
  expect(firsts[3]).toBeGreaterThanOrEqual(2e9);
  for (const { guestPhysicalPages } of manifest.vms) expect(guestPhysicalPages).toBe(800);
  const { vm, hash } = await openTrace(folder).contents();
  const [one, two] = [0, 1].map((v) => new Set(hash.filter((_, i) => vm[i] === v)));
  const common = [...one].filter((each) => two.has(each)).length;
  expect(common).toBeGreaterThan(10);
  expect(common).toBeLessThan(one.size / 2);
});
