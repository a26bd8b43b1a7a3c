import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { temporary, tidemark } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

test("a replay of one instant has no shares of time", async () => {
  const [trace, run] = [join(folder.path, "one.trace"), join(folder.path, "one.run")];
  const accesses = folder.file("one.csv", "time_s,ppn,op\n5,0,W\n");
  await tidemark(["ingest", accesses, "--size", "4KiB", "-o", trace]);
  const sets = ["host.memory=8KiB", "host.minFree=0", "host.overheadPerVm=0"].flatMap((set) => ["--set", set]);
  const scenario = folder.file("one.yaml", "vms: [{ trace: one.trace }]");
  await tidemark(["replay", scenario, ...sets, "-o", run]);
  const { stdout } = await tidemark(["explain", run]);
  expect(stdout).toMatch(/^high +– +0 s +– +1 +5 s$/m);
  expect(stdout).not.toContain("NaN");
});
