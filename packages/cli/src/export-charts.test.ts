import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { readRun, readTable, rowsOf, toCsv } from "@tidemark/data";
import { chartsOf, pictureSizes } from "@tidemark/report";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXPORT_OPTIONS } from "./export-options.ts";
import { complaints, FORK, temporary, tidemark } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const inFolder = { cwd: folder.path };
beforeAll(async () => {
  expect((await tidemark(["explain", ...FORK, "--order", "exact", "--run", "run"], inFolder)).code).toBe(0);
});
const text = (...path: readonly string[]): string => readFileSync(join(folder.path, ...path), "utf8");

describe("a run", () => {
  let files: readonly string[] = [];
  beforeAll(async () => {
    const all = ["--svg", "svg", "--png", "png", "--spec", "spec", "--markdown", "md", "--data", "csv,arrow", "--fit", "one-column"];
    const { code, stdout, stderr } = await tidemark(["report", "run", ...all, "--json"], inFolder);
    expect([code, complaints(stderr)]).toEqual([0, []]);
    ({ files } = JSON.parse(stdout) as { readonly files: readonly string[] });
  });

  test("is written as every kind of file, chart by chart", async () => {
    const names = chartsOf(await readRun(at("run"))).map(({ name }) => name);
    expect(names).toContain("waterfall");
    const kinds = { svg: ["svg"], png: ["png"], spec: ["vl.json"], md: ["svg"] };
    for (const [kind, endings] of Object.entries(kinds)) {
      const expected = names.flatMap((name) => [...endings, "csv", "arrow"].map((ending) => `${name}.${ending}`));
      expect(readdirSync(at(kind)).sort()).toEqual([...expected, ...(kind === "md" ? ["report.md"] : [])].sort());
    }
    expect([...files].sort()).toEqual(
      Object.keys(kinds)
        .flatMap((kind) => readdirSync(at(kind)).map((name) => `${kind}/${name}`))
        .sort(),
    );
  });

  test("has the same numbers as CSV and as Arrow, those of the chart", async () => {
    const run = await readRun(at("run"));
    for (const chart of chartsOf(run)) {
      const numbers = chart.numbers(run);
      expect(text("svg", `${chart.name}.csv`)).toBe(toCsv(numbers));
      expect(rowsOf(await readTable(at(`svg/${chart.name}.arrow`), numbers.spec))).toEqual(rowsOf(numbers));
    }
  });

  test("is as wide as asked, in SVG, PNG and spec", () => {
    const [column] = pictureSizes;
    expect(text("svg", "waterfall.svg")).toMatch(new RegExp(`^<svg [^>]*width="336"`));
    expect(readFileSync(at("png/waterfall.png")).readUInt32BE(16)).toBe(672);
    expect(JSON.parse(text("spec", "waterfall.vl.json"))).toMatchObject({
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      width: column.width,
    });
  });

  test("is told in Markdown: the ledger with its sum, and every picture that it names", async () => {
    const markdown = text("md", "report.md");
    const { stdout } = await tidemark(["explain", "run", "--json"], inFolder);
    const [{ gapPages, consumedPages }] = (JSON.parse(stdout) as { vms: { gapPages: number; consumedPages: number }[] }).vms;
    expect(markdown).toContain(`| gap: the sum of these | ${gapPages.toLocaleString("en-US")} |`);
    expect(markdown).toContain(`| consumed: gap and active | ${consumedPages.toLocaleString("en-US")} |`);
    const pictures = [...markdown.matchAll(/^!\[.*\]\((.*)\)$/gm)].map(([, file]) => file);
    expect(pictures.length).toBeGreaterThan(3);
    for (const file of pictures) expect(existsSync(join(at("md"), file)), file).toBe(true);
  });
});

describe("commands that draw", () => {
  const drawing = ["explain", "replay", "compare", "merge", "translate", "curve", "rightsize", "report"];
  test.each(drawing)("%s has all of the options, and names the sizes", async (command) => {
    const { stdout } = await tidemark([command, "--help"]);
    for (const option of EXPORT_OPTIONS) expect(stdout).toContain(`--${option} <`);
    for (const { name } of pictureSizes) expect(stdout).toContain(name);
  });

  test("explain draws a run that is there already", async () => {
    const { code } = await tidemark(["explain", "run", "--spec", "again", "--fit", "slide"], inFolder);
    expect([code, readdirSync(at("again")).includes("waterfall.vl.json")]).toEqual([0, true]);
  });

  test("a theme of a house, its fonts beside it", async () => {
    folder.file("house.yaml", 'font: Inter\nfontFiles: [house.ttf]\ncolours: { freed: "#00aa00", idle1: "#0000aa" }');
    folder.file("house.ttf", readFileSync(new URL("../../report/fonts/Inter-Regular.ttf", import.meta.url)));
    const { code } = await tidemark(["report", "run", "--svg", "house", "--png", "house", "--theme", "house.yaml"], inFolder);
    expect(code).toBe(0);
    expect(text("house", "waterfall.svg")).toMatch(/#0000aa[^]*font-family="Inter"|font-family="Inter"[^]*#0000aa/);
  });
});

test.each([
  [["--svg", "x", "--data", "csv,xls"], /argument 'csv,xls' is invalid: write csv, arrow or csv,arrow/],
  [["-o", "x.html", "--data", "csv"], /^tidemark: --data csv: stands beside charts; give --svg, --png, --spec or --markdown FOLDER$/],
  [["--svg", "x", "--fit", "a4"], /^tidemark: unknown --fit "a4"; known: one-column, two-columns, slide$/],
  [["--svg", "x", "--theme", "none.yaml"], /^tidemark: none\.yaml: no such file or folder$/],
  [["--svg", "x", "--theme", "broken.yaml"], /^tidemark: broken\.yaml:2:8: paper: write a colour as #rrggbb$/],
  [
    ["--svg", "x", "--theme", "font.yaml"],
    /^tidemark: font\.yaml: fontFiles: .*broken\.yaml: is no font; name TrueType or OpenType files$/,
  ],
  [["--markdown", "run/run.json"], /^tidemark: run\/run\.json: is a file; name a folder that does not exist yet$/],
] as const)("%j is refused in one line, before anything is read or written", async (options, line) => {
  folder.file("broken.yaml", "dark: true\npaper: white");
  folder.file("font.yaml", "fontFiles: [broken.yaml]");
  const { code, stdout, stderr } = await tidemark(["explain", "no-such-trace.csv", ...options], inFolder);
  expect([code, stdout, stderr.trimEnd()]).toEqual([2, "", expect.stringMatching(line)]);
  expect(existsSync(at("x"))).toBe(false);
});

describe("PDF", () => {
  test.each([
    [
      { CHROMIUM: "", PATH: "/nowhere" },
      /^tidemark: --pdf a\.pdf: needs chromium, and there is none; install it, or name one with CHROMIUM=\/path$/,
    ],
    [{ CHROMIUM: "/no/chromium" }, /^tidemark: --pdf a\.pdf: CHROMIUM=\/no\/chromium cannot be run; name a chromium, or unset it/],
  ])("without a chromium is refused before anything is read", async (env, line) => {
    const { code, stderr } = await tidemark(["explain", "no-such-trace.csv", "--pdf", "a.pdf"], { ...inFolder, env });
    expect([code, stderr.trimEnd()]).toEqual([2, expect.stringMatching(line)]);
  });

  test("from something else than a chromium is an error in one line, and no file", async () => {
    const { code, stderr } = await tidemark(["report", "run", "--pdf", "a.pdf"], { ...inFolder, env: { CHROMIUM: "/bin/false" } });
    expect([code, complaints(stderr)]).toEqual([2, ["tidemark: /bin/false: ended before it was done; does it start by itself?"]]);
    expect(existsSync(at("a.pdf"))).toBe(false);
  });

  const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const hasChromium = existsSync(CHROMIUM);
  const tmp = at("tmp");
  const env = { TMPDIR: tmp, CHROMIUM };
  beforeAll(() => void mkdirSync(tmp));

  test("stopped while the browser writes its profile, nothing is left", async () => {
    const browser = folder.file(
      "busy-browser",
      `#!/bin/sh
for flag; do case $flag in --user-data-dir=*) profile=\${flag#*=};; esac; done
mkdir "$profile"
kill -INT $PPID
n=0; while :; do n=$((n + 1)); : > "$profile/$n"; done
`,
    );
    chmodSync(browser, 0o755);
    const { code, stderr } = await tidemark(["report", "run", "--pdf", "b.pdf"], { ...inFolder, env: { ...env, CHROMIUM: browser } });
    expect([code, complaints(stderr)]).toEqual([130, []]);
    expect(readdirSync(tmp)).toEqual([]);
  });

  test.skipIf(!hasChromium)("has the page with its charts drawn", async () => {
    const { code, stderr } = await tidemark(["report", "run", "--pdf", "a.pdf"], { ...inFolder, env });
    expect([code, complaints(stderr)]).toEqual([0, []]);
    const pdf = readFileSync(at("a.pdf"));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(linesDrawn(pdf)).toBeGreaterThan(5_000);
    // Nor has the browser left anything.
    expect(readdirSync(tmp)).toEqual([]);
    expect(fillsOf(pdf)).not.toContain("0 .6667 0 rg");
    expect(pdf.toString("latin1")).not.toContain("Inter-Regular");
  });

  test.skipIf(!hasChromium)("and the page are in a house's theme, with its letters", async () => {
    folder.file("house.yaml", 'font: Inter\nfontFiles: [house.ttf]\npaper: "#fffff0"\ncolours: { freed: "#00aa00" }');
    folder.file("house.ttf", readFileSync(new URL("../../report/fonts/Inter-Regular.ttf", import.meta.url)));
    const outputs = ["-o", "house.html", "--pdf", "house.pdf", "--theme", "house.yaml"];
    const { code, stderr } = await tidemark(["report", "run", ...outputs], { ...inFolder, env });
    expect([code, complaints(stderr)]).toEqual([0, []]);
    expect(text("house.html")).toContain("--of-freed: #00aa00");
    const pdf = readFileSync(at("house.pdf"));
    expect(fillsOf(pdf)).toEqual(expect.arrayContaining(["0 .6667 0 rg", "1 1 .9412 rg"]));
    expect(pdf.toString("latin1")).toContain("Inter-Regular");
  });

  test("is told of a font that it has no room for", async () => {
    folder.file("large.yaml", "font: Inter\nfontFiles: [large.ttf]");
    folder.file(
      "large.ttf",
      Buffer.concat([readFileSync(new URL("../../report/fonts/Inter-Regular.ttf", import.meta.url)), Buffer.alloc(2 ** 20)]),
    );
    const { code, stderr } = await tidemark(["report", "run", "-o", "large.html", "--theme", "large.yaml"], inFolder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/large\.ttf: is not in the page: /);
  });
});

const BEGIN = ">> stream\n";

/** The content streams of a PDF that are deflated text: what is drawn. */
function* contentOf(pdf: Buffer): Generator<string> {
  for (let from = pdf.indexOf(BEGIN); from >= 0; from = pdf.indexOf(BEGIN, from)) {
    const to = pdf.indexOf("\nendstream", from);
    try {
      yield inflateSync(pdf.subarray(from + BEGIN.length, to)).toString("latin1");
    } catch {
      // Not a deflated stream: a picture or a font.
    }
    from = to;
  }
}

/** Straight lines in a PDF: its text is letters, its charts are lines. */
const linesDrawn = (pdf: Buffer): number =>
  [...contentOf(pdf)].reduce((lines, content) => lines + (content.match(/^[\d.-]+ [\d.-]+ l$/gm)?.length ?? 0), 0);

/** Colours that a PDF fills with, as it has them: `0 .5 1 rg`. */
const fillsOf = (pdf: Buffer): readonly string[] => [
  ...new Set([...contentOf(pdf)].flatMap((content) => content.match(/[\d.]+ [\d.]+ [\d.]+ rg$/gm) ?? [])),
];
