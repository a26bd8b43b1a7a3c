import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { RunTask } from "./measured.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ROWS = 4_000_000;
const REPEATS = 3;

/** A run of 1 Mi pages and 1,000 samples as a page: to write it, and until a browser has drawn all of it. Prints lines. */
export async function benchPage(folder: string, pages: number, run: RunTask, say: (line: string) => void): Promise<void> {
  const trace = join(folder, "page.trace");
  run("make-trace", trace, ROWS, pages);
  run("make-run", trace, ROWS, pages);
  const rendered = Array.from({ length: REPEATS }, () => run("render-page", `${trace}.run`));
  const cpuS = rendered.map((each) => each.cpuS).sort((a, b) => a - b)[REPEATS >> 1] ?? NaN;
  say(`a page of a run of ${pages} pages and 1,000 samples`);
  say(
    `  run → page                            ${cpuS.toFixed(2)} CPU seconds (target ≤ 5), ${(Number(rendered[0]?.proof) / 1e6).toFixed(2)} MB (target ≤ 5)`,
  );
  say(`  opened, until all is drawn            ${await opened(`${trace}.run.html`)} (target ≤ 2 s)\n`);
  for (const path of [trace, `${trace}.run`, `${trace}.run.html`]) rmSync(path, { recursive: true });
}

/** By the clock, the best of some. */
async function opened(path: string): Promise<string> {
  if (!existsSync(CHROMIUM)) return "not measured, there is no chromium";
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const page = await browser.newPage();
    const before = performance.now();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    times.push((performance.now() - before) / 1e3);
    await page.close();
  }
  await browser.close();
  return `${Math.min(...times).toFixed(2)} s`;
}
