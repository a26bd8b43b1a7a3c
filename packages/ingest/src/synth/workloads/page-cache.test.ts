import { FREE, openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { made, workloadLaws } from "../workload-laws.ts";
import { pageCache } from "./page-cache.ts";

workloadLaws(pageCache, { files: 8, pages: 50 });

test("no more files than asked for have pages, and the oldest are deleted whole", async () => {
  const { folder, manifest } = await made(pageCache, { files: 8, pages: 50, reads: 1 });
  expect(manifest.vms[0].guestPhysicalPages).toBeLessThanOrEqual(8 * 50);
  let freed = 0;
  for await (const { length, kind } of openTrace(folder).guestEvents()) for (let i = 0; i < length; i++) if (kind[i] === FREE) freed++;
  expect(freed).toBeGreaterThan(0);
  expect(freed % 50).toBe(0);
});
