import { parseTime, type Params } from "@tidemark/data";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALLOCATION, BALLOON, COMPRESS, SHARE, STALL_COSTS, SWAP } from "./mechanism-params.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/host.md"), "utf8");
const written = new Map([...page.matchAll(/^\| `(\w+\.\w+)` \| `(\S+)` \|/gm)].map(([, key, value]) => [key, value]));
const sections: { readonly [key: string]: Params } = {
  allocation: ALLOCATION,
  share: SHARE,
  balloon: BALLOON,
  compress: COMPRESS,
  swap: SWAP,
  stallCosts: STALL_COSTS,
};
const declared = Object.entries(sections).flatMap(([section, params]) =>
  Object.entries(params).map(([name, param]) => [`${section}.${name}`, param] as const),
);

test.each(declared)("docs/host.md has %s with its default", (key, param) => {
  const text = written.get(key) ?? "nothing";
  expect(param.type === "number" && param.unit === "ns" ? parseTime(text, key) : text).toBe(
    param.type === "number" && param.unit === "ns" ? param.default : String(param.default),
  );
});

test("docs/host.md has no parameters that there are not", () => {
  const known = new Set([...declared.map(([key]) => key), "swap.policy"]);
  expect([...written.keys()].filter((key) => !key.startsWith("host.") && !known.has(key))).toEqual([]);
});
