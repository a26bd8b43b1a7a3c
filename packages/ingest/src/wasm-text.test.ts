import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the compiled scanners are up to date with their sources", async () => {
  const { compile, modules }: { compile: (file: string) => Promise<string>; modules: object } = await import(
    new URL("../wasm/build.mjs", import.meta.url).href
  );
  expect(Object.keys(modules)).toHaveLength(2);
  for (const file of Object.keys(modules))
    expect(readFileSync(new URL(`${file}-wasm.ts`, import.meta.url), "utf8")).toBe(await compile(file));
});
