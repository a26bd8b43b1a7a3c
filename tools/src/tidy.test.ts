import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

// Rules about the code itself, each with its reason.
const root = join(import.meta.dirname, "../..");
const files = [...readdirSync(join(root, "packages")).map((name) => join("packages", name, "src")), "tools/src", "notebooks/src"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
const product = files.filter(({ path }) => !/\.test\.ts$|-laws\.ts$|\/testing\.ts$|\/slow-[^/]*\.ts$/.test(path));
const offenders = (bad: (f: { readonly path: string; readonly text: string }) => boolean, among = files): string[] =>
  among.filter(bad).map((f) => f.path);

test("the files were found", () => {
  expect(files.length).toBeGreaterThan(80);
});

test("a replay depends on nothing but its inputs", () => {
  expect(
    offenders(
      ({ path, text }) =>
        /packages\/(data|ingest|replay|report)\//.test(path) && /Math\.random|Date\.now|performance\.now|new Date\(/.test(text),
      product,
    ),
  ).toEqual([]);
});

test("no barrels: index.ts only at the door of a package, and it names what it exports", () => {
  expect(offenders(({ path }) => basename(path) === "index.ts" && !/^packages\/[^/]+\/src\/index\.ts$/.test(path))).toEqual([]);
  // The light part of a package (decision 9) is a door too, and names what it exports; the whole takes it in.
  expect(offenders(({ text }) => /export \*(?! from "\.\/(?:shapes|words)\.ts")/.test(text), product)).toEqual([]);
});

test("no drawers: a file is named after what it holds", () => {
  expect(offenders(({ path }) => /^(utils?|helpers?|common|misc|types|lib)\.ts$/.test(basename(path)))).toEqual([]);
});

test("every plug-in has its test beside it", () => {
  const plugins = product
    .map(({ path }) => path)
    .filter((path) => /\/src\/(formats|estimators|observers|charts|policies|modes|measured)\/[^/]+\.ts$/.test(path));
  expect(plugins.length).toBeGreaterThan(15);
  expect(plugins.filter((path) => !existsSync(join(root, path.replace(/\.ts$/, ".test.ts"))))).toEqual([]);
});

test("packages depend one way: data ← ingest, replay, report ← cli", () => {
  const allowed: Record<string, readonly string[]> = {
    data: [],
    ingest: ["data"],
    replay: ["data"],
    report: ["data"],
    cli: ["data", "ingest", "replay", "report"],
    src: ["data", "ingest", "replay", "report"],
  };
  const wrong = product.flatMap(({ path, text }) =>
    [...text.matchAll(/from "@tidemark\/(\w+)/g)]
      .filter(([, target]) => !allowed[path.split("/")[1]].includes(target))
      .map(([line]) => `${path}: ${line}`),
  );
  expect(wrong).toEqual([]);
});

test("no casts that hide a mistake, no files past 350 lines", () => {
  expect(offenders(({ text }) => /\bas unknown as|\bas any\b|: any\b|@ts-ignore|@ts-expect-error/.test(text), product)).toEqual([]);
  expect(offenders(({ text }) => text.split("\n").length > 350, product)).toEqual([]);
});

test("libraries never print", () => {
  expect(
    offenders(
      ({ path, text }) => /packages\/(data|ingest|replay|report)\//.test(path) && /console\.|process\.std(out|err)/.test(text),
      product,
    ),
  ).toEqual([]);
});

test("every source named in the code is in docs/sources.md", () => {
  const sources = readFileSync(join(root, "docs/sources.md"), "utf8");
  const named = product.flatMap(({ text }) =>
    [...text.matchAll(/\b([A-Z][a-z]+) ((?:19|20)\d\d)\b(?= §|\)|:|"| score)/g)].map(([key]) => key),
  );
  expect([...new Set(named)].filter((key) => !sources.includes(key))).toEqual([]);
});
