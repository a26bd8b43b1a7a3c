import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, pagesInBrowser, type Opened } from "./browser/testing.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

// The page as somebody has looked at it and found it good: `packages/report/pictures`, at half size. Fonts differ between machines, and with
// them where lines break; so pictures are compared coarsely, as grids of mean colours. After a change that is meant, remove the pictures and
// run this test: it writes them anew and fails once, for somebody to look at them.
const FOLDER = new URL("../pictures/", import.meta.url);
/** Cells of the grid; how far mean colours may be apart on average (0–255), and the share of cells that may be clearly different. A serif font gives 9 and 0.01, faded charts 5 and 0.03, a missing list 13 and 0.05. */
const ACROSS = 16,
  DOWN = 160,
  MEAN_MAX = 10,
  CLEAR = 50,
  CLEAR_SHARE_MAX = 0.02;
/** How far heights may be apart, as a share. */
const HEIGHT_SHARE_MAX = 0.08;

const html = renderPage(exampleRun({ samples: 71, heatBins: [24, 16], translated: [] }));

describe.skipIf(!hasChromium)(`pictures of the page (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  let url = "";
  beforeAll(async () => {
    pages = await pagesInBrowser();
    url = pages.write("pictured", html);
  });
  afterAll(() => pages.close());

  test.each([
    ["light", 1_000, "light", "screen"],
    ["dark", 1_000, "dark", "screen"],
    ["narrow", 400, "light", "screen"],
    ["print", 794, "dark", "print"],
  ] as const)("%s, %d px", async (name, width, colorScheme, media) => {
    const opened = await pages.open(url, { viewport: { width, height: 900 }, colorScheme, deviceScaleFactor: 0.5 });
    await opened.page.emulateMedia({ media });
    await opened.page.waitForFunction(
      `[...document.querySelectorAll(".chart svg")].every((svg) => Math.abs(svg.clientWidth - (document.querySelector("main").clientWidth - 32)) <= 40)`,
    );
    if (name === "light") await selectInterval(opened);
    const picture = await opened.page.screenshot({ fullPage: true, type: "jpeg", quality: 55 });
    const file = new URL(`${name}.jpg`, FOLDER);
    if (!existsSync(file)) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, picture);
      throw new Error(`${file.pathname}: written anew; look at it, and keep it if it is good`);
    }
    const [kept, now] = [await gridOf(opened, readFileSync(file)), await gridOf(opened, picture)];
    expect(Math.abs(now.height / kept.height - 1), "height").toBeLessThan(HEIGHT_SHARE_MAX);
    expect(now.width).toBe(kept.width);
    const apart = now.cells.map((value, i) => Math.abs(value - (kept.cells[i] ?? NaN)));
    expect(apart.reduce((sum, each) => sum + each, 0) / apart.length, "mean difference").toBeLessThan(MEAN_MAX);
    expect(apart.filter((each) => each > CLEAR).length / apart.length, "clearly different").toBeLessThan(CLEAR_SHARE_MAX);
    expect(opened.heard.filter((line) => !line.startsWith("request: data:"))).toEqual([]);
    await opened.page.context().close();
  });
});

/** One picture shows an interval selected. */
async function selectInterval({ page }: Opened): Promise<void> {
  const slider = page.getByRole("slider", { name: "From" });
  await slider.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("PageUp");
  await page.waitForFunction("(document.documentElement.dataset.explained ?? '') !== ''");
}

/** A picture as a grid of mean colours: red, green, blue of each cell. The browser reads it. */
async function gridOf(
  { page }: Opened,
  jpeg: Buffer,
): Promise<{ readonly width: number; readonly height: number; readonly cells: readonly number[] }> {
  return page.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/jpeg;base64,${jpeg.toString("base64")}";
    await image.decode();
    const canvas = new OffscreenCanvas(${ACROSS}, ${DOWN});
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, ${ACROSS}, ${DOWN});
    const { data } = context.getImageData(0, 0, ${ACROSS}, ${DOWN});
    return { width: image.width, height: image.height, cells: [...data].filter((_, i) => i % 4 !== 3) };
  })()`);
}
