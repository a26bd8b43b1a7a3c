import { openTrace, SWITCH } from "@tidemark/data";
import { expect, test } from "vitest";
import { made, workloadLaws } from "../workload-laws.ts";
import { forkStorm } from "./fork-storm.ts";

workloadLaws(forkStorm, { pages: 100, own: 20, life: 500 });

test("each child has a space of its own, shares the parent's pages, and leaves nothing behind", async () => {
  const { folder, manifest } = await made(forkStorm, { pages: 100, own: 20, life: 500 });
  const switches: number[] = [];
  for await (const { length, kind, space } of openTrace(folder).guestEvents())
    for (let i = 0; i < length; i++) if (kind[i] === SWITCH) switches.push(space[i]);
  expect(switches.length).toBe(1 + Math.ceil((20_000 - 100) / 500));
  expect(manifest.vms[0]).toMatchObject({ spacesFrom: "rows" });
  // The parent's 100 pages, 20 of a child, and their page tables, reused by the next.
  expect(manifest.vms[0].guestPhysicalPages).toBeLessThanOrEqual(100 + 20 + 2);
  expect(manifest.vms[0].virtualPages).toBeGreaterThan(200);
});
