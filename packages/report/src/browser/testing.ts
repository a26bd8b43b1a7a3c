import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type BrowserContextOptions, type Locator, type Page } from "playwright-core";

/** The browser of the tests; another one by the environment. Where there is none they are skipped, and the run says so. */
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page that is drawn, with everything that it said or asked for meanwhile. */
export interface Opened {
  readonly page: Page;
  readonly heard: readonly string[];
}

/** A browser and a folder for pages; the caller closes it. */
export async function pagesInBrowser() {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-page-"));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return {
    /** Puts a page into the folder; gives its address. */
    write(name: string, html: string): string {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, html);
      return pathToFileURL(path).href;
    },
    async open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const heard: string[] = [];
      page.on("console", (message) => heard.push(`console ${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
      page.on("request", (request) => {
        if (request.url() !== url) heard.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      await page.waitForSelector("html[data-ready]", { state: "attached" });
      return { page, heard };
    },
    async close(): Promise<void> {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Scrolls to an element. What the page does because it was scrolled, in the next frame, is done: tips are gone. */
export async function scrollTo(place: Locator): Promise<void> {
  await place.scrollIntoViewIfNeeded();
  await place.page().evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}
