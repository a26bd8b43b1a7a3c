import { readdirSync, readFileSync } from "node:fs";
import { readParams } from "@tidemark/data";
import { expect, test } from "vitest";
import { policies } from "./policies.ts";

const folder = new URL("policies/", import.meta.url);
const files = readdirSync(folder).filter((file) => !file.endsWith(".test.ts"));

test("every file in the folder is in the list, under its name", () => {
  expect(policies.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});

test("a policy has all its memory when it is created: nothing in it can grow", () => {
  const growing = files.filter((file) =>
    /new (Map|Set|Array)\b|\.push\(|\.splice\(|\[\]|\[\.\.\./.test(readFileSync(new URL(file, folder), "utf8")),
  );
  expect(growing).toEqual([]);
});

test("what is counted is refused in parts", () => {
  const counts = policies.flatMap(({ name, params }) =>
    Object.entries(params).flatMap(([param, declared]) =>
      /whole number|references/.test(declared.about) ? [{ name, params, param }] : [],
    ),
  );
  expect(counts.map(({ name, param }) => `${name}:${param}`).sort()).toEqual(["mglru:generations", "s3fifo:uses", "slru:segments"]);
  for (const { name, params, param } of counts)
    expect(() => readParams(name, params, { [param]: "2.5" })).toThrow(`${name}: ${param}=2.5 is not a whole number in`);
});

test("the page about policies has them all, with their parameters and defaults", () => {
  const page = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");
  const rowOf = (name: string): string => page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
  for (const { name, params, sees, source } of policies) {
    expect(rowOf(name)).toContain(`| ${sees} |`);
    expect(rowOf(name)).toContain(source);
    const given = Object.fromEntries([...rowOf(name).matchAll(/`(\w+)=([^`]+)`/g)].map(([, param, value]) => [param, value]));
    expect(Object.keys(given).sort()).toEqual(Object.keys(params).sort());
    expect(readParams(name, params, given)).toEqual(readParams(name, params, {}));
  }
});
