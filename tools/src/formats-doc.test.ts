import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formats, measuredFormats } from "@tidemark/ingest";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../docs/formats");
const rows = readFileSync(join(folder, "README.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"));

test("the index of formats names them all, and no other", () => {
  const named = rows.flatMap((row) => [...row.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.toSorted()).toEqual([...formats, ...measuredFormats].map(({ name }) => name).toSorted());
});

test.each(rows.map((row) => [row.split("|")[1].trim(), row]))(
  "%s: has a page that says how to record it and what is lost",
  (names, row) => {
    const page = /\]\(([^)#]+)/.exec(row)?.[1] ?? "";
    expect(existsSync(join(folder, page))).toBe(true);
    const text = readFileSync(join(folder, page), "utf8");
    expect(text).toMatch(/record/i);
    expect(text).toMatch(/\blost\b|lack|cannot/i);
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) expect(text).toContain(name);
  },
);
