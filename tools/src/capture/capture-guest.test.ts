import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, openTrace } from "@tidemark/data";
import { afterAll, describe, expect, test } from "vitest";
import { captureGuest, type Captured } from "./capture-guest.ts";
import { missingPackages } from "./prepare-guest.ts";
import { recipes } from "./recipes.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-capture-"));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = missingPackages();
/** The kernel is Debian's, and its package has to be to be had. */
const hasKernel = spawnSync("apt-cache", ["show", "linux-image-cloud-amd64"], { stdio: "ignore" }).status === 0;
const why =
  missing.length > 0
    ? ` (skipped: lacks ${missing.join(", ")})`
    : hasKernel
      ? ""
      : " (skipped: apt-cache knows no linux-image-cloud-amd64)";

const captured = async (name: string): Promise<Captured> =>
  captureGuest(
    {
      recipe: find("workload", recipes, "alloc-4k"),
      output: join(folder, name),
      build: fileURLToPath(new URL("../../capture/build", import.meta.url)),
      kernel: undefined,
      memoryMib: 256,
      publicApiOnly: false,
      strictAccesses: undefined,
      timeoutS: 600,
    },
    () => {},
  );

describe.skipIf(why !== "")(`a captured guest${why}`, () => {
  test("passes its checks, is explained, and is the same when captured again", { timeout: 1_200_000 }, async () => {
    const once = await captured("once");
    expect(once.checks.map(({ what, passed, found }) => `${what}: ${passed ? "passed" : found}`)).toEqual([
      "reads for each write: passed",
      "guest-physical pages in the kernel's map of all memory: passed",
      "frames written by the program that fills memory: passed",
    ]);
    const [vm] = openTrace(once.trace).manifest.vms;
    expect(vm).toMatchObject({ ppns: "captured", order: "windowed", spacesFrom: "rows", configuredBytes: 2 ** 28 });
    expect(vm.writes).toBeGreaterThan(2 ** 27 / 4096);
    const again = await captured("again");
    expect(again.sha256).toBe(once.sha256);
    for (const file of ["kmem.csv", "pages.csv", "meminfo.txt", "gmt.json"]) {
      const [a, b] = ["once", "again"].map((run) => readFileSync(join(folder, run, `alloc-4k.${file}`)));
      expect([file, a.equals(b)]).toEqual([file, true]);
    }
  });
});
