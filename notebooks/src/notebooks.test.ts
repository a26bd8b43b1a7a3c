import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildNotebook } from "./build-notebook.ts";
import { runNodeCell } from "./node-cell.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** What axe finds that shuts readers out. */
const SERIOUS =
  "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 5).join('  ')]))";
const notebooks = join(import.meta.dirname, "..");
const names = readdirSync(notebooks)
  .filter((file) => file.endsWith(".html") && file !== "template.html")
  .map((file) => file.replace(/\.html$/, ""));
const pageOf = (name: string): string => join(notebooks, "out", `${name}.html`);

beforeAll(async () => {
  // As `pnpm notebooks` does it: with the built packages, in a process of its own.
  await promisify(execFile)(process.execPath, [join(notebooks, "dist/build.js")]);
}, 600_000);

test("every notebook is one page of a few megabytes", () => {
  expect(names).toEqual(["how-far-overcommitted", "shadow-or-ept", "why-is-consumed-high", "your-own-trace"]);
  for (const name of names) {
    const { size } = statSync(pageOf(name));
    expect([name, size > 1e6, size < 5e6]).toEqual([name, true, true]);
  }
});

test("a node cell that fails, or prints no JSON, stops the build with the place", async () => {
  await expect(runNodeCell("process.exit(3)", notebooks, "x.html, cell a")).rejects.toThrow("x.html, cell a: the cell ended with 3");
  await expect(runNodeCell('console.log("oh")', notebooks, "x.html, cell a")).rejects.toThrow('x.html, cell a: printed "oh');
});

/** Where there is no browser these are skipped, and the run says so: CHROMIUM names another one. */
describe.skipIf(!existsSync(CHROMIUM))(`notebooks in a browser (${CHROMIUM})`, () => {
  let folder = "";
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tidemark-notebooks-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a page, and gives it with everything it said or asked for. */
  async function open(path: string): Promise<{ page: Page; heard: string[] }> {
    const page = await browser.newPage();
    const heard: string[] = [];
    const url = pathToFileURL(path).href;
    page.on("console", (message) => heard.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (request.url() !== url) heard.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, heard };
  }
  const failedCells = (page: Page): Promise<string[]> => page.locator(".observablehq--error").allTextContents();
  /** Marks with a shape, per chart: bands, lines, bars, points, pictures. */
  const marks = (page: Page): Promise<number[]> =>
    page.evaluate(`[...document.querySelectorAll(".chart")].map((chart) => chart.querySelectorAll(
      ".mark-area path[d*=L], .mark-line path[d*=L], .mark-rect path[d*=h], .mark-symbol path[d*=A], .mark-image image[href^='data:image/png']").length)`);
  const sidewise = (page: Page): Promise<number> =>
    page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  /** Waits until all charts that there will be are drawn, or a cell has failed. */
  const drawn = async (page: Page, charts: number): Promise<void> => {
    const all = `document.querySelectorAll(".chart[data-drawn]").length === ${charts}`;
    await page.waitForFunction(`${all} || document.querySelector(".observablehq--error")`).catch(() => {});
    expect([await failedCells(page), await page.locator(".chart[data-drawn]").count()]).toEqual([[], charts]);
  };

  test.each([
    { name: "why-is-consumed-high", charts: 6 },
    { name: "shadow-or-ept", charts: 4 },
    { name: "how-far-overcommitted", charts: 5 },
    { name: "your-own-trace", charts: 10 },
  ])("$name: no failed cell, nothing said, nothing asked for, marks in all $charts charts", async ({ name, charts }) => {
    const { page, heard } = await open(pageOf(name));
    await drawn(page, charts);
    expect(heard).toEqual([]);
    for (const count of await marks(page)) expect(count).toBeGreaterThan(0);
    // A figure that is not there would be one of these words.
    const prose = await page.locator("main :is(p, li, td, h3, figcaption):not(pre *)").allTextContents();
    expect(prose.length).toBeGreaterThan(15);
    expect(prose.join("\n")).not.toMatch(/undefined|NaN|null|\[object|\$\{/);
    expect(await sidewise(page)).toBe(0);
    await page.addScriptTag({ path: AXE });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect([colorScheme, await page.evaluate(SERIOUS)]).toEqual([colorScheme, []]);
    }
    await page.close();
  });

  test("a choice is followed by sentence, chart and table", async () => {
    const { page, heard } = await open(pageOf("why-is-consumed-high"));
    await drawn(page, 6);
    const said = page.locator(".said");
    expect(await said.innerText()).toContain("At 7 s alloc-4k consumes 219.8 MiB");
    expect(await page.locator("table").innerText()).toContain("33,063");
    // As traces/README.md has it, counted by another program: freed and active at 7 s.
    await page.getByText("At 7 s 129.2 MiB, 59 % of all that is consumed").waitFor();
    await page.getByText("has touched only 2.1 MiB").first().waitFor();
    await page.getByLabel("2.5s").check();
    await page.locator(".said", { hasText: "At 2.5 s" }).waitFor();
    await drawn(page, 6);
    expect(await said.innerText()).toContain("At 2.5 s alloc-4k consumes 219.8 MiB");
    expect(await page.locator("table").innerText()).toContain("35,867");
    expect(await page.locator(".chart").first().getAttribute("aria-label")).toContain("2.5 s");
    expect(heard).toEqual([]);
    await page.close();
  });

  test("charts follow dark and width", async () => {
    const { page } = await open(pageOf("shadow-or-ept"));
    await drawn(page, 4);
    const papers = `["body", ".chart svg"].map((of) => getComputedStyle(document.querySelector(of)).backgroundColor).join()`;
    expect(await page.evaluate(papers)).toBe("rgb(255, 255, 255),rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(`${papers} === "rgb(20, 23, 28),rgb(20, 23, 28)"`);
    await page.setViewportSize({ width: 400, height: 800 });
    await page.waitForFunction(
      '[...document.querySelectorAll(".chart")].every((each) => each.querySelector("svg").clientWidth <= each.clientWidth)',
    );
    expect(await sidewise(page)).toBe(0);
    await page.close();
  });

  test("a cell that fails is seen; a library from a CDN is refused and not asked for; names stay text", async () => {
    await buildNotebook(join(import.meta.dirname, "fixtures/broken.html"), folder);
    const { page, heard } = await open(join(folder, "broken.html"));
    await page.waitForFunction('document.querySelectorAll(".observablehq--error").length === 2');
    const failed = await failedCells(page);
    expect(failed.find((text) => text.includes("a cell that fails"))).toBeDefined();
    expect(failed.find((text) => text.includes("d3 is not in this page, which loads nothing"))).toBeDefined();
    expect(heard.filter((each) => each.startsWith("request"))).toEqual([]);
    expect(await page.locator("main p").innerText()).toContain("<img src=x");
    expect(await page.title()).toBe("Broken");
    await page.close();
  });
});
