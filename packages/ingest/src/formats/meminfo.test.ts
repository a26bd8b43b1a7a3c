import { openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { meminfo } from "./meminfo.ts";

const example =
  "tsc 1500\nMemTotal:         223632 kB\nActive(anon):       2320 kB\nHugePages_Total:       0\ntsc 2500\nMemTotal:         223632 kB\n";
formatLaws(meminfo, example);

test("keeps every counter of every sample with its unit", async () => {
  const { trace, manifest } = await ingestFiles({ f: example });
  expect(await openTrace(trace).meminfo()).toEqual([
    { timeNs: 1500, vm: 0, counter: "MemTotal", value: 223_632, unit: "kB" },
    { timeNs: 1500, vm: 0, counter: "Active(anon)", value: 2320, unit: "kB" },
    { timeNs: 1500, vm: 0, counter: "HugePages_Total", value: 0, unit: "" },
    { timeNs: 2500, vm: 0, counter: "MemTotal", value: 223_632, unit: "kB" },
  ]);
  expect(manifest.vms[0].meminfoSamples).toBe(2);
});
