import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { recipes } from "./recipes.ts";

test("every workload is one that the guest knows, and the other way round", () => {
  const init = readFileSync(new URL("../../capture/guest/init", import.meta.url), "utf8");
  const known = [...init.matchAll(/^ {2}([a-z0-9-]+)\)/gm)].map(([, name]) => name);
  expect(known).toEqual(recipes.map(({ name }) => name));
});
