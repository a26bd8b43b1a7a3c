import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeZipfTrace } from "./bench-data.ts";
import { curveMisses } from "./curve-tasks.ts";
import { compileMisses, runMisses, writePpns } from "./misses-c.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-misses-c-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = compileMisses(folder);
const PAGES = 2 ** 15;
const trace = join(folder, "zipf.trace");
beforeAll(async () => {
  writeZipfTrace(trace, 400_000, PAGES);
  await writePpns(trace, `${trace}.ppns`);
});

test.skipIf(program === undefined).each(["lru", "fifo", "clock"])(
  "the C program of the bench counts the misses of %s that the curve counts",
  async (policy) => {
    for (const size of [1, 3000, PAGES]) {
      const { proof } = runMisses(program ?? "", `${trace}.ppns`, policy, PAGES, size);
      expect([proof]).toEqual(await curveMisses(trace, policy, [size], undefined));
    }
  },
);
