import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { InputError } from "./fail.ts";
import { statPath } from "./stat-path.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-stat-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("says what is there, and whose path cannot be followed", () => {
  const file = join(folder, "a");
  writeFileSync(file, "four");
  expect(statPath(file)?.size).toBe(4n);
  expect(statPath(folder)?.isDirectory()).toBe(true);
  expect(statPath(join(folder, "b"))).toBeUndefined();
  expect(() => statPath(`${file}/c`)).toThrow(InputError);
  expect(() => statPath(`${file}/c`)).toThrow(`${file}/c: `);
});
