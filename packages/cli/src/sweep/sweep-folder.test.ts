import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, type Trace } from "@tidemark/data";
import { parseVary, type Case } from "@tidemark/replay";
import { afterEach, expect, test } from "vitest";
import { temporary } from "../testing.ts";
import { casesOfSlice, comparedCases, isOpen, keepFailure, removeLeftOvers, runOf, sweptCase, writeSweep } from "./sweep-folder.ts";
import { readCases } from "./read-cases.ts";

const folder = temporary();
afterEach(() => folder.remove());

const SCENARIO = "host: { memory: 1MiB }\nvms:\n  - { trace: two.trace }\n";
const open = (rows: number): Trace => ({ manifest: { rows } }) as never; // of a trace, keys take the manifest alone
const caseOf = (vary: string, scenario = SCENARIO): Case => {
  mkdirSync(folder.path, { recursive: true });
  const { cases } = readCases(folder.file("two.yaml", scenario), [parseVary(vary)], [], undefined, () => {});
  return cases[0];
};
const key = (each: Case, rows = 1, tool = "t 1"): string => sweptCase(each, () => open(rows), tool).key;

test("a case's key is that of all its run depends on, defaults filled in", () => {
  const [one] = [caseOf("seed=1")];
  expect(key(caseOf("seed=1"))).toBe(key(one));
  // The default, written out.
  expect(key(caseOf("seed=1", `${SCENARIO}swap: { rate: 25600 }\n`))).toBe(key(one));
  const others = [key(caseOf("seed=2")), key(caseOf("seed=1", `${SCENARIO}swap: { rate: 100 }\n`)), key(one, 2), key(one, 1, "t 2")];
  expect(new Set([...others, key(one)]).size).toBe(5);
});

test("slices have every case once, whatever their number", () => {
  const cases = ["a", "b", "c", "d", "e"];
  expect(casesOfSlice(cases, { index: 2, of: 3 })).toEqual(["b", "e"]);
  for (const of of [1, 2, 3, 7]) {
    const all = Array.from({ length: of }, (_, i) => casesOfSlice(cases, { index: i + 1, of }));
    expect(all.flat().toSorted()).toEqual(cases);
  }
});

test("names make folders of letters that file systems take", () => {
  const swept = { ...sweptCase(caseOf("translation.pages=4k/4k"), () => open(1), "t"), name: `x/../y z={"a":1}${"w".repeat(200)}` };
  const name = runOf("", swept).slice("cases/".length);
  expect(name).toMatch(/^[\w.=,+-]{1,80}$/);
  expect(name).not.toContain("/");
  expect(runOf("", { ...swept, name: "../y.4711.part" })).toMatch(/^cases\/__y\.4711\.part-/);
});

test("a failure is kept until it is tried again, and a baseline that failed is an end", async () => {
  const swept = sweptCase(caseOf("seed=1"), () => open(1), "t");
  expect(isOpen(folder.path, swept)).toBe(true);
  keepFailure(folder.path, swept, "web: no free memory");
  expect(isOpen(folder.path, swept)).toBe(false);
  const [compared] = await comparedCases(folder.path, [swept], "another");
  expect([compared?.failed, compared?.figures]).toEqual(["web: no free memory", undefined]);
  await expect(comparedCases(folder.path, [swept], "seed=1")).rejects.toEqual(
    new InputError("the baseline seed=1 failed, and nothing can be compared with it: web: no free memory"),
  );
});

test("what a killed command left goes, what is not its own stays", () => {
  mkdirSync(folder.path);
  writeFileSync(join(folder.path, ".sweep.json.4711.part"), "{");
  removeLeftOvers(folder.path);
  expect(readdirSync(folder.path)).toEqual([]);
  mkdirSync(join(folder.path, "cases/.a-1.4711.part"), { recursive: true });
  mkdirSync(join(folder.path, "cases/a-1"));
  const left = [".comparison.4711.0", ".sweep.json.4711.part"];
  const own = [".notes", "notes.4711.part"];
  for (const name of [...left, ...own]) writeFileSync(join(folder.path, name), "");
  removeLeftOvers(folder.path);
  // No sweep's folder: somebody else's files.
  expect(readdirSync(folder.path).sort()).toEqual([...left, ...own, "cases"].sort());
  writeSweep(folder.path, { schema: 1, tool: "t", baseline: "a", slice: { index: 1, of: 1 }, cases: [] });
  removeLeftOvers(folder.path);
  expect(readdirSync(folder.path).sort()).toEqual([".notes", "cases", "notes.4711.part", "sweep.json"]);
  expect(readdirSync(join(folder.path, "cases"))).toEqual(["a-1"]);
});
