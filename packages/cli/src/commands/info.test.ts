import { afterAll, describe, expect, test } from "vitest";
import { bundled, FORK, LONG_CACHE, temporary, tidemark } from "../testing.ts";

const folder = temporary();
afterAll(() => folder.remove());

const ACCESSES = bundled("alloc-4k/alloc-4k.full-10ms.csv.gz");

/** Rows, accesses (the sum of count), distinct virtual and guest-physical pages, first and last access: from the captures' READMEs. */
test.each<[string, readonly string[], readonly [number, number, number, number]]>([
  ["alloc-4k", [ACCESSES], [392_253, 2_501_724_448, 103_129, 56_275]],
  ["long-cache", [LONG_CACHE[0]], [847_921, 2_934_587_043, 67_411, 54_366]],
])("info --json of raw %s counts rows, accesses and pages", async (_, files, [rows, accesses, virtualPages, guestPhysicalPages]) => {
  const { code, stdout } = await tidemark(["info", ...files, "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, pageBytes: 4096, rows, accesses, virtualPages, guestPhysicalPages });
});

describe("info of a trace folder", () => {
  const ingested = tidemark(["ingest", ...FORK, "--order", "exact", "-o", `${folder.path}/fork.trace`]);

  test("is the info of the files it was made of", async () => {
    expect((await ingested).code).toBe(0);
    const [trace, raw] = await Promise.all([
      tidemark(["info", `${folder.path}/fork.trace`, "--json"]),
      tidemark(["info", ...FORK, "--order", "exact", "--json"]),
    ]);
    expect(JSON.parse(trace.stdout)).toMatchObject({ rows: 700_000, guestPhysicalPages: 468, spanNs: expect.any(Number) });
    expect(JSON.parse(trace.stdout)).toEqual(JSON.parse(raw.stdout));
  });

  test("reads for people too", async () => {
    await ingested;
    const { code, stdout, stderr } = await tidemark(["info", `${folder.path}/fork.trace`]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^fork +700,000 +1,966,660 /m);
    expect(stdout).toMatch(/captured: accesses; guest events/);
  });
});
