import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the compiled counters are up to date with their source", async () => {
  const { compile }: { compile: () => Promise<string> } = await import(new URL("../../wasm/build-count-misses.mjs", import.meta.url).href);
  expect(readFileSync(new URL("count-misses-wasm.ts", import.meta.url), "utf8")).toBe(await compile());
});
