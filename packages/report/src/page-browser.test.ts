import { readFileSync } from "node:fs";
import type { BrowserContextOptions, Page } from "playwright-core";
import { compile, type TopLevelSpec } from "vega-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, pagesInBrowser } from "./browser/testing.ts";
import { chartsOf } from "./charts.ts";
import { renderPage } from "./page.ts";
import { exampleRun, translationRun } from "./testing.ts";
import { strictLogger } from "./svg.ts";

describe.skipIf(!hasChromium)(`the page in a browser (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  beforeAll(async () => {
    pages = await pagesInBrowser();
  });
  afterAll(() => pages.close());
  const one = renderPage(exampleRun({ samples: 40, heatBins: [12, 8], isScarce: true }));
  const hostileName = `</script><img src=x onerror="document.title='owned'">`;
  const several = renderPage(
    exampleRun({ vms: [hostileName, "b", "c"], instants: ["2.5s", "7s"], samples: 40, heatBins: [12, 8], isScarce: true }),
  );

  /** What a run has to draw; the other charts are of other kinds of runs. */
  const ofRun = chartsOf(exampleRun({ isScarce: true }));
  const curvesToo = exampleRun({ samples: 10, curves: "exact", needs: true, isCompared: true });
  const curves = renderPage(curvesToo);

  const translation = renderPage(
    translationRun({
      translated: [
        ["4k/4k", "skylake"],
        ["2m/2m", "zen4"],
      ],
    }),
  );

  const open = (html: string, options?: BrowserContextOptions) => pages.open(pages.write("page", html), options);
  const sidewise = (page: Page): Promise<number> =>
    page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  /** Marks with a shape, per chart: paths with a course, pictures, words. */
  const marks = (page: Page): Promise<readonly number[]> =>
    page.evaluate(`[...document.querySelectorAll(".chart")].map((chart) => chart.querySelectorAll(
      ".mark-area path[d*=L], .mark-line path[d*=L], .mark-rect path[d*=h], .mark-image image[href^='data:image/png'], .mark-rule line").length)`);

  /** What each button of the kind would save. It is read before it is a download: a browser holds back many of one page. */
  const saved = (page: Page, kind: string): Promise<readonly string[]> =>
    page.evaluate(`(() => {
      const files = [];
      URL.createObjectURL = (file) => { files.push(file.text()); return "#"; };
      HTMLAnchorElement.prototype.click = () => {};
      for (const button of document.querySelectorAll("[data-save=${kind}]")) button.click();
      return Promise.all(files);
    })()`);

  test("draws every chart, without a word on the console and without a request", async () => {
    const { page, heard } = await open(one);
    const drawn = await marks(page);
    expect(drawn).toHaveLength(ofRun.length);
    for (const count of drawn) expect(count).toBeGreaterThan(0);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("each chart is an image with the sentence that it says", async () => {
    const { page } = await open(one);
    const labels = await page.getByRole("img").evaluateAll((images) => images.map((image) => image.getAttribute("aria-label")));
    // And the number line.
    expect(labels).toHaveLength(ofRun.length + 1);
    for (const label of labels) expect(label?.length).toBeGreaterThan(40);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.locator("table th[scope]").count()).toBeGreaterThan(10);
    await page.context().close();
  });

  test.each([400, 1_100])("nothing sticks out sideways at %d px, and charts follow the width", async (width) => {
    for (const url of [one, several]) {
      const { page, heard } = await open(url, { viewport: { width, height: 800 } });
      expect(await sidewise(page)).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 700, height: 800 });
      await page.waitForFunction(
        "[...document.querySelectorAll('.chart svg')].every((svg) => Math.abs(svg.clientWidth - (innerWidth - 32)) <= 24 || svg.clientWidth === 0)",
      );
      expect(await sidewise(page)).toBeLessThanOrEqual(0);
      expect(heard).toEqual([]);
      await page.context().close();
    }
  });

  test.each([560, 640])("no legend is cut off at %d px, where labels make some plots too narrow for two columns", async (width) => {
    const cutOff = (page: Page): Promise<number> =>
      page.evaluate(`Math.max(...[...document.querySelectorAll(".chart .role-legend")].map((legend) =>
        legend.getBoundingClientRect().bottom - legend.closest("svg").getBoundingClientRect().bottom))`);
    for (const url of [one, translation]) {
      const { page } = await open(url, { viewport: { width, height: 800 } });
      expect(await cutOff(page)).toBeLessThanOrEqual(0);
      const drawnWidth = `document.querySelector(".chart svg").clientWidth`;
      await page.setViewportSize({ width: 1_000, height: 800 });
      await page.waitForFunction(`${drawnWidth} > ${width}`);
      await page.setViewportSize({ width, height: 800 });
      await page.waitForFunction(`${drawnWidth} <= ${width}`);
      expect(await cutOff(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test("follows the wanted colour scheme, and the button turns it", async () => {
    const paper = "getComputedStyle(document.body).backgroundColor";
    const background = "getComputedStyle(document.querySelector('.chart svg')).backgroundColor";
    const { page, heard } = await open(one, { colorScheme: "dark" });
    expect(await page.evaluate(paper)).toBe("rgb(20, 23, 28)");
    const dark = await page.evaluate(background);
    await page.getByRole("button", { name: "Light / dark" }).click();
    expect(await page.evaluate(paper)).toBe("rgb(255, 255, 255)");
    await page.waitForFunction(`${background} !== ${JSON.stringify(dark)}`);
    expect([dark, await page.evaluate(background)]).toEqual(["rgb(20, 23, 28)", "rgb(255, 255, 255)"]);
    await page.getByRole("button", { name: "Light / dark" }).click();
    await page.waitForFunction(`${background} === ${JSON.stringify(dark)}`);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("prints whole and on white, the panels that are not picked too", async () => {
    const { page, heard } = await open(several, { colorScheme: "dark" });
    const hidden = page.locator(".panel[hidden]").first();
    expect(await hidden.isVisible()).toBe(false);
    const areSourcesSeen = "document.querySelector('details li').checkVisibility()";
    expect(await page.evaluate(areSourcesSeen)).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await hidden.isVisible()).toBe(true);
    expect(await page.evaluate(areSourcesSeen)).toBe(true);
    expect(await page.getByRole("button").count()).toBe(0);
    await page.waitForFunction("getComputedStyle(document.querySelector('.chart svg')).backgroundColor === 'rgb(255, 255, 255)'");
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("with several VMs one is picked, by keyboard as well", async () => {
    const { page } = await open(several);
    const shown = (): Promise<string> =>
      page.evaluate(
        "[...new Set([...document.querySelectorAll('.panel[data-vm]:not([hidden])')].map((panel) => panel.dataset.vm))].join()",
      );
    expect(await shown()).toBe("0");
    await page.getByRole("radio").first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toBe("1");
    await page.getByRole("radio", { name: "all" }).check({ force: true });
    expect(await shown()).toBe("0,1,2");
    await page.context().close();
  });

  test("the host's charts stay, whichever VM is picked", async () => {
    const { page } = await open(several);
    const host = page.locator(".panel:not([data-vm])");
    expect(await host.count()).toBe(
      ofRun.filter((each) => each.panels(exampleRun({ isScarce: true })).every(({ vm }) => vm === "")).length,
    );
    await page.getByRole("radio").first().focus();
    await page.keyboard.press("ArrowRight");
    for (const panel of await host.all()) expect(await panel.isVisible()).toBe(true);
    await page.context().close();
  });

  test("a hostile VM name is only a name", async () => {
    const { page, heard } = await open(several);
    expect(await page.title()).toMatch(/^How a host of [\d.]+ MiB divided its memory among 3 VMs$/);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.getByText(hostileName).count()).toBeGreaterThan(0);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("draws a run of translation alone, at any width and in the dark", async () => {
    for (const width of [400, 1_100]) {
      const { page, heard } = await open(translation, { viewport: { width, height: 800 }, colorScheme: "dark" });
      const drawn = await marks(page);
      // A panel per page sizes and core; the TLBs' reach has one for all.
      expect(drawn).toHaveLength(4 * 2 + 1);
      for (const count of drawn) expect(count).toBeGreaterThan(0);
      expect(await sidewise(page)).toBeLessThanOrEqual(0);
      expect(heard).toEqual([]);
      await page.context().close();
    }
  });

  test("draws miss curves and comparisons", async () => {
    const { page, heard } = await open(curves);
    const drawn = await marks(page);
    expect(drawn).toHaveLength(chartsOf(curvesToo).length);
    expect(drawn.length).toBeGreaterThan(chartsOf(exampleRun({})).length + 1);
    for (const count of drawn) expect(count).toBeGreaterThan(0);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("gives each chart's numbers and its Vega-Lite spec, which compiles", async () => {
    for (const url of [one, several]) {
      const { page, heard } = await open(url);
      const numbers = await saved(page, "csv");
      const specs = await saved(page, "spec");
      expect(numbers).toHaveLength(ofRun.length);
      expect(specs).toHaveLength(ofRun.length);
      for (const text of numbers) expect(text).toMatch(/^[a-zA-Z,]+\n(?:[^\n]+\n)+$/);
      for (const text of specs) expect(() => compile(specIn(text), { logger: strictLogger })).not.toThrow();
      expect(heard).toEqual([]);
      await page.context().close();
    }
  });

  // A busy machine's browser now and then forgets a download.
  test("saves a chart's numbers as a file with the chart's name", { retry: 2 }, async () => {
    const { page } = await open(one);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-save=csv]").first().click()]);
    expect(ofRun.map(({ name }) => `${name}.csv`)).toContain(download.suggestedFilename());
    const [numbers] = await saved(page, "csv");
    expect(readFileSync(await download.path(), "utf8")).toBe(numbers);
    expect((await saved(page, "markers"))[0]).toMatch(/^time,vm,marker,sampled,consumed,active,gap\n1500000000,alloc-4k,11,/);
    await page.context().close();
  });
});

const specIn = (text: string): TopLevelSpec => JSON.parse(text);
