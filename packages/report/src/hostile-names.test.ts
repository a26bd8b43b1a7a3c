import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { toCsv } from "@tidemark/data";
import fc from "fast-check";
import { marked } from "marked";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chartsOf } from "./charts.ts";
import { waterfall } from "./charts/waterfall.ts";
import { runMarkdown } from "./markdown/document.ts";
import { renderPage } from "./page.ts";
import { chartSvg } from "./svg.ts";
import { exampleRun } from "./testing.ts";
import { vmLabel } from "./vm-label.ts";

/** Names that do harm where they are not taken for names. */
const NAMES = [
  `</script><img src=x onerror="document.title='owned'">`,
  `"><svg onload=alert(1)>`,
  "]]><!--<x>",
  "${7*7}{{7*7}}",
  "javascript:alert(1)",
  '=HYPERLINK("http://evil.example";"x")',
  "+1+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(1+1)*cmd",
  "\t=1+1",
  "two\nlines\r\nthree",
  "a|b`c`|d",
  "[x](http://evil.example)",
  "😀🧠",
  "שלום \u202eevil\u202c",
  "x".repeat(300),
  "__proto__",
  "constructor",
];

/** Many drawings, on a machine that may have other work. */
const SLOW_MS = 240_000;

/** As many at once as a page shows. */
const GROUPS = [NAMES.slice(0, 6), NAMES.slice(6, 12), NAMES.slice(12)];
const PLAIN = ["a", "b", "c", "d", "e", "f"];

const runOf = (vms: readonly string[]) =>
  exampleRun({ vms, samples: 4, heatBins: [2, 2], isScarce: true, curves: "exact", needs: true, isCompared: true });

/** Kinds of elements with the names of their attributes: what a document is made of, whatever its text says. */
const kindsIn = (svg: string): ReadonlySet<string> =>
  new Set(
    [...svg.matchAll(/<([^\s>/]+)([^>]*)>/g)].map(([, element, rest = ""]) =>
      [element, ...[...rest.replaceAll(/"[^"]*"/g, '""').matchAll(/([^\s=]+)=""/g)].map(([, attribute]) => attribute)].join(" "),
    ),
  );

const plain = runOf(PLAIN);

test(
  "in every SVG VMs with hostile names are names",
  async () => {
    const two = runOf(PLAIN.slice(0, 2));
    const runs = GROUPS.map((names) => ({ names, run: runOf(names) }));
    for (const [c, chart] of chartsOf(plain).entries()) {
      const { names = [], run = plain } = runs[c % runs.length] ?? {};
      const svg = await chartSvg(chart, run);
      const known = kindsIn(await chartSvg(chart, two));
      expect(
        [...kindsIn(svg)].filter((kind) => !known.has(kind)),
        chart.name,
      ).toEqual([]);
      expect(() => new Resvg(svg), `${chart.name} is XML`).not.toThrow();
      for (const name of names) if (chart.panels(run).some(({ vm }) => vm === name)) expect(decoded(svg)).toContain(vmLabel(name));
    }
  },
  SLOW_MS,
);

describe.each(GROUPS)("VMs called %j, …", (...names) => {
  const run = runOf(names);
  test("are names in Markdown", () => {
    const elements = (markdown: string): ReadonlySet<string> =>
      new Set([...marked.parse(markdown, { async: false }).matchAll(/<([a-z]\w*)((?: [a-z]+(?==))?)/g)].map(([tag]) => tag));
    const picture = (chart: { readonly name: string }): string => `${chart.name}.svg`;
    const [markdown, usual] = [runMarkdown(run, picture), runMarkdown(plain, picture)];
    expect(elements(markdown)).toEqual(elements(usual));
    expect(markdown.match(/^#/gm)).toEqual(usual.match(/^#/gm));
    const words = decoded(marked.parse(markdown, { async: false }));
    for (const name of names) expect(words).toContain(vmLabel(name));
  });

  test("are no formulas in CSV", () => {
    for (const chart of chartsOf(plain)) {
      const cells = toCsv(chart.numbers(run)).matchAll(/(?<=^|,|\n)(?:"((?:[^"]|"")*)"|([^",\n]*))(?=,|\n|$)/g);
      for (const [, quoted, bare = ""] of cells) expect(quoted ?? bare).toMatch(/^(?![=+@\t\r\n-])|^-?[\d.]+(e[+-]\d+)?$/);
    }
  });
});

const ENTITIES: { readonly [entity: string]: string } = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
const decoded = (markup: string): string => markup.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? "");

test("any name stays a name in an SVG", async () => {
  const few = exampleRun({ vms: PLAIN.slice(0, 1), samples: 2 });
  const known = kindsIn(await chartSvg(waterfall, few));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), async (name) => {
      const svg = await chartSvg(waterfall, exampleRun({ vms: [name], samples: 2 }));
      expect([...kindsIn(svg)].filter((kind) => !known.has(kind))).toEqual([]);
      expect(() => new Resvg(svg)).not.toThrow();
    }),
    { seed: 1, numRuns: 30 },
  );
});

/** Where there is no browser the tests are skipped: CHROMIUM names another one. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
describe.skipIf(!existsSync(CHROMIUM))("in a browser", () => {
  let folder = "";
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tidemark-names-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Kinds of elements of a page and of its charts, with its title, and all that it said or asked for. */
  async function seen(vms: readonly string[]) {
    const page = await browser.newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("dialog", (dialog) => heard.push(dialog.message()));
    const file = pathToFileURL(join(folder, "page.html")).href;
    page.on("request", (request) => {
      if (request.url() !== file) heard.push(request.url());
    });
    writeFileSync(join(folder, "page.html"), renderPage(exampleRun({ vms, samples: 12, heatBins: [4, 3], isScarce: true })));
    await page.goto(file);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    const kinds = await page.evaluate<readonly string[]>(
      `[...new Set([...document.querySelectorAll("*")].map((each) => [each.tagName, ...each.getAttributeNames()].join(" ")))].sort()`,
    );
    const words = await page.evaluate<string>("document.body.textContent");
    await page.close();
    return { kinds, heard, words };
  }

  test(
    "pages of VMs with hostile names are made of what others are made of",
    async () => {
      const usual = await seen(PLAIN);
      expect(usual.kinds.length).toBeGreaterThan(30);
      for (const names of GROUPS) {
        const { kinds, heard, words } = await seen(names);
        expect([names, kinds.filter((kind) => !usual.kinds.includes(kind)), heard]).toEqual([names, [], []]);
        for (const name of names) expect(words).toContain(vmLabel(name));
      }
    },
    SLOW_MS,
  );
});
