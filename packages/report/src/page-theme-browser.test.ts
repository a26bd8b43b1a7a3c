import { fileURLToPath } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, pagesInBrowser } from "./browser/testing.ts";
import { parseTheme } from "./house-theme.ts";
import { renderPage } from "./page.ts";
import { CLASS_COLOUR } from "./palette.ts";
import { exampleRun } from "./testing.ts";

const run = exampleRun({ samples: 40, heatBins: [6, 4], isScarce: true, translated: [] });
const pageIn = (text: string): string => {
  const theme = parseTheme(text, "house.yaml");
  return renderPage(run, { ...theme, fontFiles: theme.fontFiles.map((file) => fileURLToPath(new URL(file, import.meta.url))) });
};
const HOUSE = `{ font: "Inter, serif", fontFiles: [../fonts/Inter-Regular.ttf, ../fonts/Inter-SemiBold.ttf],
  paper: "#fffff0", ink: "#000011", colours: { freed: "#00aa00", active: "#aa0000", soft: "#0000aa" } }`;

const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(20, 23, 28)";
const HOUSE_PAPER = "rgb(255, 255, 240)";

test("a page without a theme says nothing of one; equal themes give equal bytes", () => {
  const plain = renderPage(run);
  expect(plain).toContain('<html lang="en">');
  expect(plain).not.toContain("@font-face");
  expect(pageIn(HOUSE)).toBe(pageIn(HOUSE));
});

describe.skipIf(!hasChromium)(`the page in a house's theme (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  beforeAll(async () => {
    pages = await pagesInBrowser();
  });
  afterAll(() => pages.close());
  const open = (html: string, options?: BrowserContextOptions) => pages.open(pages.write("page", html), options);
  const style = (page: Page, selector: string, property: string): Promise<string> =>
    page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue("${property}")`);
  /** Colours that are drawn in a part of the page. */
  const drawn = async (page: Page, selector: string): Promise<ReadonlySet<string>> =>
    new Set(await page.locator(`${selector} *`).evaluateAll((parts) => parts.map((part) => part.getAttribute("fill") ?? "")));

  test("text, number line, tables, timeline and charts have its letters, paper and colours", async () => {
    const { page, heard } = await open(pageIn(HOUSE), { colorScheme: "dark" });
    expect(await style(page, "body", "background-color")).toBe(HOUSE_PAPER);
    expect(await style(page, "h1", "color")).toBe("rgb(0, 0, 17)");
    expect(await style(page, ".chart svg", "background-color")).toBe(HOUSE_PAPER);
    expect(await style(page, "body", "font-family")).toMatch(/^Inter, serif/);
    expect(await page.evaluate("[...document.fonts].map(({ family, status }) => family + ' ' + status)")).toEqual([
      "Inter loaded",
      "Inter loaded",
    ]);
    expect(await style(page, ".chart text", "font-family")).toBe("Inter, serif");
    for (const selector of [".line .w800 rect:last-of-type", ".overview path:nth-of-type(5)"])
      expect(await style(page, selector, "fill"), selector).toBe("rgb(0, 170, 0)");
    expect(await style(page, "[data-class=freed] .swatch", "background-color")).toBe("rgb(0, 170, 0)");
    expect(await style(page, "#host ~ .scroll tr:nth-child(3) .swatch", "background-color")).toBe("rgb(0, 0, 170)");
    const charts = await drawn(page, ".chart");
    expect(charts).toContain("#00aa00");
    expect(charts).not.toContain(CLASS_COLOUR.freed);
    const spec: string = await page.evaluate(`new Promise((saved) => {
      URL.createObjectURL = (file) => { file.text().then(saved); return "#"; };
      document.querySelector("[data-save=spec]").click();
    })`);
    expect(JSON.parse(spec)).toMatchObject({ config: { font: "Inter, serif" } });
    expect(spec).toContain(`'#fffff0'`);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("an instant that is selected is drawn in its colours too", async () => {
    const { page } = await open(pageIn(HOUSE));
    const waterfall = '[aria-labelledby="chart-waterfall"] .chart';
    await page.getByRole("button", { name: "Peak gap" }).click();
    await page.waitForFunction("document.documentElement.dataset.explained");
    const colours = await drawn(page, waterfall);
    expect(colours).toContain("#00aa00");
    for (const ours of [CLASS_COLOUR.freed, CLASS_COLOUR.active]) expect(colours).not.toContain(ours);
    await page.context().close();
  });

  test("the other look is ours; print is the house's, and ours where the house is dark", async () => {
    const { page } = await open(pageIn(HOUSE));
    await page.getByRole("button", { name: "Light / dark" }).click();
    expect(await style(page, "body", "background-color")).toBe(DARK);
    await page.waitForFunction(`getComputedStyle(document.querySelector(".chart svg")).backgroundColor === "${DARK}"`);
    await page.emulateMedia({ media: "print" });
    expect(await style(page, "body", "background-color")).toBe(HOUSE_PAPER);
    await page.waitForFunction(`getComputedStyle(document.querySelector(".chart svg")).backgroundColor === "${HOUSE_PAPER}"`);
    await page.context().close();

    const dark = await open(pageIn('{ dark: true, paper: "#001122" }'), { colorScheme: "light" });
    expect(await style(dark.page, "body", "background-color")).toBe("rgb(0, 17, 34)");
    expect(await style(dark.page, ".chart svg", "background-color")).toBe("rgb(0, 17, 34)");
    await dark.page.emulateMedia({ media: "print" });
    expect(await style(dark.page, "body", "background-color")).toBe(LIGHT);
    await dark.page.waitForFunction(`getComputedStyle(document.querySelector(".chart svg")).backgroundColor === "${LIGHT}"`);
    await dark.page.context().close();
  });

  test("a theme that says nothing of paper and inks leaves light and dark to the reader", async () => {
    const { page } = await open(pageIn('colours: { freed: "#00aa00" }'), { colorScheme: "dark" });
    expect(await style(page, "body", "background-color")).toBe(DARK);
    expect(await style(page, "[data-class=freed] .swatch", "background-color")).toBe("rgb(0, 170, 0)");
    await page.context().close();
  });
});
