import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the compiled kernel is up to date with its source", async () => {
  const { compile }: { compile: () => Promise<string> } = await import(new URL("../../wasm/build.mjs", import.meta.url).href);
  expect(readFileSync(new URL("translate-rows-wasm.ts", import.meta.url), "utf8")).toBe(await compile());
});
