import { openTrace, WRITE } from "@tidemark/data";
import { expect, test } from "vitest";
import { made, ppnsOf, workloadLaws } from "../workload-laws.ts";
import { database } from "./database.ts";

workloadLaws(database, { pages: 2_000 });

test("it is loaded, then asked, and scanned as often as wanted", async () => {
  const { folder } = await made(database, { pages: 1_600, scans: 1, updates: 0 });
  const ppns = await ppnsOf(folder);
  expect(new Set(ppns.slice(0, 1_600)).size).toBe(1_600);
  // The scan begins in the middle of the trace.
  expect(new Set(ppns.slice(10_000, 11_600)).size).toBe(1_600);
  let writes = 0;
  for await (const { length, kind } of openTrace(folder).accesses()) for (let i = 0; i < length; i++) if (kind[i] === WRITE) writes++;
  expect(writes).toBe(1_600);
});
