import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { charts } from "@tidemark/report";
import { afterAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const [, program = ""] = /```js\n([^]*?)```/.exec(readFileSync(join(root, "docs/library.md"), "utf8")) ?? [];
const folder = mkdtempSync(join(tmpdir(), "tidemark-library-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As from a folder that depends on the packages, as built. */
const node = (args: readonly string[], input = ""): string =>
  execFileSync(process.execPath, args, { cwd: join(root, "tools"), encoding: "utf8", input });

test("the program of docs/library.md has twenty lines, and gives sentences, figures and specs of a captured trace", () => {
  expect(
    program
      .trim()
      .split("\n")
      .filter((line) => line !== "").length,
  ).toBeLessThanOrEqual(20);
  const trace = join(folder, "fork.trace");
  const files = ["strict-data", "strict4M.events"].map((file) => join(root, `traces/fork/fork.${file}.csv.gz`));
  node([join(root, "packages/cli/dist/main.js"), "ingest", ...files, "--order", "exact", "-o", trace]);
  const output = join(folder, "charts.json");
  const said = node(["--input-type=module", "-", trace, output], program);
  expect(said).toMatch(/^At 2\.06\d s fork consumes \d/);
  expect(said).toMatch(/│ 'consumed' +│ \d+ +│/);
  expect(said).toMatch(/\d{4,} letters of SVG/);
  const specs = JSON.parse(readFileSync(output, "utf8")) as { readonly [name: string]: { readonly $schema: string } };
  expect(charts.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(specs)));
  expect(said.match(/^[a-z-]+: .*\?/gm)).toHaveLength(Object.keys(specs).length);
  for (const { $schema } of Object.values(specs)) expect($schema).toBe("https://vega.github.io/schema/vega-lite/v6.json");
});
