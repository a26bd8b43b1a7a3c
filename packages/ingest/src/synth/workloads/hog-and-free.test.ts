import { FREE, openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { hogAndFree } from "./hog-and-free.ts";

workloadLaws(hogAndFree, { pages: 2_000, left: 100 });

test("all of it is filled, freed at once, and little is touched afterwards", async () => {
  const { folder } = await made(hogAndFree, { pages: 2_000, left: 100, filled: 0.2, freed: 0.5 });
  const ppns = await ppnsOf(folder);
  expect(new Set(ppns.slice(0, 10_000)).size).toBe(2_000);
  expect(new Set(ppns.slice(10_000)).size).toBe(100);
  const freedNs = new Set<number>();
  let freed = 0;
  for await (const { length, kind, timeNs } of openTrace(folder).guestEvents()) {
    for (let i = 0; i < length; i++) {
      if (kind[i] !== FREE) continue;
      freed++;
      freedNs.add(timeNs[i]);
    }
  }
  // Its pages and its page table.
  expect(freed).toBe(2_001);
  expect(freedNs.size).toBe(1);
});
