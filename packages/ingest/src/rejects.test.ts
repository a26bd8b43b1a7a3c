import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REJECTED_FILE, Rejects } from "./rejects.ts";
import { temporaryFolder } from "./testing.ts";

test("what would end a cell or a row of CSV is quoted; without a row there is no file", () => {
  const path = join(temporaryFolder(), REJECTED_FILE);
  const rejects = new Rejects(path);
  rejects.close();
  expect([rejects.count, existsSync(path)]).toEqual([0, false]);
  rejects.add("a,b.csv", 3, 'column gva: "x" is no number', "plain");
  rejects.add("c.csv", 4, "two\nlines", "a\rb");
  rejects.close();
  expect(rejects.count).toBe(2);
  expect(readFileSync(path, "utf8")).toBe(
    'source,line,reason,text\n"a,b.csv",3,"column gva: ""x"" is no number",plain\nc.csv,4,"two\nlines","a\rb"\n',
  );
});
