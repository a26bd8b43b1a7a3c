import { existsSync } from "node:fs";
import { join } from "node:path";
import { openTrace } from "@tidemark/data";
import { afterAll, expect, test } from "vitest";
import { temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

test("a trace is made up, explained as any other, and said to be made up", async () => {
  const trace = join(folder.path, "hog.trace");
  const made = await tidemark(["synth", "hog-and-free:pages=2000,left=100", "--rows", "50000", "--memory", "16MiB", "-o", trace]);
  expect(made.stderr).toBe(`wrote ${trace}: 50,000 accesses in 60 s, 1 VM, 2,001 guest-physical pages\n`);
  expect(openTrace(trace).manifest.vms[0].rows).toBe(50_000);
  const { stdout } = await tidemark(["explain", trace, "--at", "end", "--window", "5s"]);
  expect(stdout).toContain(
    "all of it: made up by tidemark synth hog-and-free:pages=2000,left=100,filled=0.2,freed=0.5, 50,000 accesses in 60 s, seed 1\n",
  );
  // The 2,000 pages of the hog were freed, and the host does not know.
  expect(stdout).toMatch(/freed {2,}freed by the guest, still backed +1,9\d\d/);
});

test("what cannot be made up is refused in one line, and leaves nothing", async () => {
  const trace = join(folder.path, "no.trace");
  for (const [args, said] of [
    [["nothing"], 'unknown workload "nothing"; known: zipf, loop'],
    [["zipf:page=3"], 'zipf: unknown parameter "page"'],
    [["zipf", "--rows", "0"], "--rows 0: is no whole number"],
    [["zipf", "--memory", "1MiB"], "synth: the workload needs more than the 256 pages of its guest"],
  ] as const) {
    const { code, stderr } = await tidemark(["synth", ...args, "-o", trace]);
    expect([code, stderr.split("\n").length, stderr]).toEqual([2, 2, expect.stringContaining(said)]);
    expect(existsSync(trace)).toBe(false);
  }
});
