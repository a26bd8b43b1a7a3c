import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeZipfTrace } from "./bench-data.ts";
import { writeFlat } from "./flat-accesses.ts";
import { compileNested, runNested } from "./nested-c.ts";
import { translateNested } from "./nested-translation.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-nested-c-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = compileNested(folder);

test.skipIf(program === undefined)("the C program of the bench counts what the translator counts", async () => {
  const pages = 2 ** 18;
  const trace = join(folder, "zipf.trace");
  writeZipfTrace(trace, 200_000, pages);
  await writeFlat(trace, `${trace}.u32`);
  const { proof } = runNested(program ?? "", `${trace}.u32`, pages);
  expect(proof).toEqual(await translateNested(trace));
  expect(JSON.stringify(proof)).toContain("tlb accesses 200000");
});
