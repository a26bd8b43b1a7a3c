import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { loop } from "./loop.ts";

// Nothing in a loop is chance but its contents.
workloadLaws(loop, { pages: 500 });

test("the same pages come one after the other", async () => {
  const ppns = await ppnsOf((await made(loop, { pages: 30 })).folder);
  ppns.forEach((ppn, i) => expect(ppn).toBe(ppns[i % 30]));
  expect(new Set(ppns).size).toBe(30);
});
