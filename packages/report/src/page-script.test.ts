import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundled } from "../page/build.mjs";

test("the page's script is that of its sources: after a change run `node packages/report/page/build.mjs`", async () => {
  const code = await bundled();
  expect(readFileSync(new URL("../page/page.js", import.meta.url), "utf8")).toBe(code);
  // Whole, and small enough to be read.
  expect(code).not.toMatch(/^import |\brequire\(/m);
  expect(code.length).toBeLessThan(90_000);
});
