import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { CHROMIUM, hasChromium, pagesInBrowser, scrollTo } from "./browser/testing.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

/** Labels of the time axis of the first chart over time. */
const ticks = (page: Page): Promise<readonly number[]> =>
  page.evaluate(`(() => {
    const chart = [...document.querySelectorAll(".chart.over-time")].find((each) => each.offsetParent !== null);
    const axis = [...chart.querySelectorAll(".role-axis")].findLast((each) => each.textContent.includes("time (s)"));
    return [...axis.querySelectorAll(".role-axis-label text")].map((text) => Number(text.textContent)).sort((a, b) => a - b);
  })()`);

/** How far what is drawn sticks out of the plots of charts over time, px; labels that are cut off are drawn as well. */
const besides = (page: Page): Promise<number> =>
  page.evaluate(`Math.max(...[...document.querySelectorAll(".chart.over-time")].flatMap((chart) => {
    const plot = chart.querySelector(".role-frame .background, .root > g > path.background").getBoundingClientRect();
    return [...chart.querySelectorAll(".mark-line, .mark-area, .mark-rect, .mark-rule")].map((mark) => {
      const clip = mark.closest("[clip-path]");
      const path = clip && document.querySelector(clip.getAttribute("clip-path").slice(4, -1) + " > *");
      return path ? path.getBBox().width - plot.width : mark.getBoundingClientRect().right - plot.right;
    });
  }))`);

describe.skipIf(!hasChromium)(`zooming (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  let url = "";
  beforeAll(async () => {
    pages = await pagesInBrowser();
    url = pages.write("zoomed", renderPage(exampleRun({ samples: 71, heatBins: [12, 8], isScarce: true })));
  });
  afterAll(() => pages.close());

  const explained = (page: Page, text: string) => page.waitForFunction(`document.documentElement.dataset.explained === "${text}"`);

  test("charts over time show the selected interval on their whole width, and what is told is of it", async () => {
    const { page, heard } = await pages.open(url);
    const zoom = page.locator("[data-zoom]");
    expect(await zoom.isDisabled()).toBe(true);
    const [from, to] = [page.getByRole("slider", { name: "From" }), page.getByRole("slider", { name: "To" })];
    await from.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowRight");
    await to.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowLeft");
    await explained(page, "2000000000 4000000000");
    const whole = await ticks(page);
    expect([whole[0], whole.at(-1)]).toEqual([0, 7]);

    await zoom.click();
    expect(await zoom.innerText()).toBe("Zoom out");
    const zoomed = await ticks(page);
    expect([zoomed[0], zoomed.at(-1)]).toEqual([2, 4]);
    expect(await besides(page)).toBeLessThan(2);
    const chart = page.locator(".chart.over-time").first();
    await scrollTo(chart);
    const { x, y, width } = (await chart.boundingBox()) ?? { x: NaN, y: NaN, width: NaN };
    await page.mouse.move(x + width * 0.98, y + 150);
    expect(await page.locator(".tip").innerText()).toMatch(/^(?:3\.9|4) s\n/);
    // What is dragged on the chart is of what it shows.
    await page.mouse.move(x + width * 0.5, y + 150);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.98, y + 150);
    await page.mouse.up();
    await explained(page, "3000000000 4000000000");
    expect(await zoom.innerText()).toBe("Zoom in");

    await page.keyboard.press("Escape");
    await explained(page, "");
    expect(await ticks(page)).toEqual(whole);
    expect(await zoom.isDisabled()).toBe(true);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("a selection that leaves what is shown undoes the zoom; an instant cannot be zoomed to", async () => {
    const { page } = await pages.open(url);
    const zoom = page.locator("[data-zoom]");
    const to = page.getByRole("slider", { name: "To" });
    await to.focus();
    for (let i = 0; i < 50; i++) await page.keyboard.press("ArrowLeft");
    await explained(page, "0 2000000000");
    await zoom.click();
    expect((await ticks(page)).at(-1)).toBe(2);
    await to.focus();
    await page.keyboard.press("ArrowRight");
    await explained(page, "0 2100000000");
    expect((await ticks(page)).at(-1)).toBe(7);
    await page.getByRole("button", { name: "Peak consumed" }).click();
    await page.waitForFunction(`!["0 2100000000", undefined].includes(document.documentElement.dataset.explained)`);
    expect(await zoom.isDisabled()).toBe(true);
    await page.context().close();
  });
});
