import { formatPages, pickTable, rightSizeTable, rowsOf, tableOf } from "@tidemark/data";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, pagesInBrowser, scrollTo } from "./browser/testing.ts";
import { charts } from "./charts.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

const run = exampleRun({
  samples: 40,
  heatBins: [12, 8],
  translated: [
    ["4k/4k", "skylake"],
    ["2m/2m", "zen4"],
  ],
  isScarce: true,
  curves: "exact",
  needs: true,
  isCompared: true,
  isMeasured: true,
});

const sizes = pickTable(run.tables, rightSizeTable) ?? tableOf(rightSizeTable, []);

/** What the page tells at places spread over a chart, each once. The pointer is moved by the page itself: hundreds of moves from outside take minutes on a busy machine. */
async function toldOver(chart: Locator): Promise<readonly string[]> {
  await scrollTo(chart);
  const told = await chart.evaluate((box) => {
    const texts = new Set<string>();
    const look = (x: number, y: number): void => {
      document.elementFromPoint(x, y)?.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: x, clientY: y }));
      texts.add(document.querySelector<HTMLElement>(".tip:not([hidden])")?.innerText ?? "");
    };
    const { x, y, width, height } = box.getBoundingClientRect();
    for (let row = 0.5; row < 7; row++) for (let column = 0.5; column < 7; column++) look(x + (width * column) / 7, y + (height * row) / 7);
    // What is too small to be met by chance.
    for (const mark of [...box.querySelectorAll(".mark-symbol path")].slice(0, 12)) {
      const { x: left, y: top, width: across, height: down } = mark.getBoundingClientRect();
      look(left + across / 2, top + down / 2);
    }
    return [...texts];
  });
  return told.filter((text) => text !== "");
}

/** Pages of each owner, classes together. */
function ownerTotals(rows: readonly { readonly [column: string]: unknown }[]): readonly number[] {
  const totals = new Map<unknown, number>();
  for (const { owner, pages: count } of rows) totals.set(owner, (totals.get(owner) ?? 0) + Number(count));
  return [...totals.values()];
}

/** Charts that have no memory in them. */
const OF_TIME = new Set(["stalls", "stall-times", "translation-cost", "walk-references", "tlb-reach", "exits", "break-even"]);
const EXACT = /([−\d.,]+) pages?, ([−\d.,]+) bytes \(([^)]+)\)/;
const read = (text: string): number => Number(text.replaceAll(",", "").replace("−", "-"));

describe.skipIf(!hasChromium)(`what is told under the pointer (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  let url = "";
  beforeAll(async () => {
    pages = await pagesInBrowser();
    url = pages.write("told", renderPage(run));
  });
  afterAll(() => pages.close());

  test("every chart tells its numbers: pages with their bytes, and no pages but those of its CSV", async () => {
    const { page, heard } = await pages.open(url);
    for (const [c, chart] of charts.entries()) {
      const told = await toldOver(page.locator(`.chart[data-chart="${c}"]`).first());
      expect(told.length, chart.name).toBeGreaterThan(0);
      const cells = rowsOf(chart.numbers(run)).map((row) => Object.values(row).map(Number));
      const known = new Set(
        cells
          .flat()
          .flatMap((n) => [n, Math.abs(n)])
          .map((n) => Math.round(n * 10) / 10),
      ); // as pages are read
      // The sums of owners, the size of a range of addresses, and what an estimator reports beside working sets.
      if (chart.name === "owners") for (const total of ownerTotals(rowsOf(chart.numbers(run)))) known.add(total);
      if (chart.name === "heat") for (const row of rowsOf(chart.numbers(run))) known.add(Number(row["ppnEnd"]) - Number(row["ppn"]));
      if (chart.name === "working-set-fan") for (const { pages: size } of rowsOf(sizes)) known.add(size);
      expect(
        told.some((text) => EXACT.test(text)),
        chart.name,
      ).toBe(!OF_TIME.has(chart.name));
      for (const text of told) {
        expect(text, chart.name).not.toMatch(/NaN|undefined|null|: {2}|^: |\b(?!minFree)[a-z]+[A-Z][a-z]/m);
        for (const [all, count = "", bytes = "", size] of text.matchAll(new RegExp(EXACT, "g"))) {
          const own = [...known].filter((n) => n === read(count) || Math.round(n) === read(count));
          expect(own, `${chart.name}: ${all}`).not.toEqual([]);
          if (Number.isInteger(read(count)))
            expect(Math.abs(read(bytes) - read(count) * 4096), `${chart.name}: ${all}`).toBeLessThanOrEqual(205);
          else expect(Math.abs(read(bytes) / 4096 - read(count)), `${chart.name}: ${all}`).toBeLessThanOrEqual(0.051);
          expect(size, `${chart.name}: ${all}`).toBe(formatPages(read(bytes) / 4096));
        }
      }
    }
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("what is told of a panel is of its VM, page sizes and core alone", async () => {
    const { page } = await pages.open(url);
    const exits = page.locator(`.chart[data-chart="${charts.findIndex(({ name }) => name === "exits")}"]`);
    for (const [p, translated] of ["4k/4k", "2m/2m"].entries()) {
      const told = await toldOver(exits.nth(p));
      const table = charts.find(({ name }) => name === "exits")?.numbers(run);
      const own = (table === undefined ? [] : rowsOf(table)).filter((row) => String(row["pages"]) === translated);
      const counts = new Set(own.map((row) => row["exits"]));
      const lines = told.map((text) => text.split("\n").slice(1));
      const said = lines.flat().flatMap((line) => [...line.matchAll(/: ([\d,]+) (?:exit|event)s?$/g)].map(([, count = ""]) => read(count)));
      expect(said.length).toBeGreaterThan(3);
      for (const count of said) expect(counts).toContain(count);
      // Each mode and reason once.
      expect(lines.some((each) => each.length > 2)).toBe(true);
      for (const each of lines) expect(new Set(each.map((line) => line.replace(/: .*/, ""))).size).toBe(each.length);
    }
    await page.context().close();
  });

  test("the arrow keys tell a curve as they tell a chart over time", async () => {
    const { page } = await pages.open(url);
    const chart = page.locator(`.chart[data-chart="${charts.findIndex(({ name }) => name === "working-set-fan")}"]`);
    await chart.focus();
    await page.keyboard.press("Home");
    const first = await page.locator(".tip").innerText();
    expect(first).toMatch(/^window: 100 ms\ntouched, mean: [\d,.]+ pages, /);
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".tip").innerText()).not.toBe(first);
    expect(await page.locator(".unseen[role=status]").last().innerText()).toBe(
      (await page.locator(".tip").innerText()).replaceAll("\n", "; "),
    );
    // The event of a scroll that was before, as that to the chart with the focus, leaves the words; a scroll hides them.
    await page.evaluate(() => document.dispatchEvent(new Event("scroll")));
    expect(await page.locator(".tip").isVisible()).toBe(true);
    await page.evaluate(() => scrollBy(0, -50));
    await page.locator(".tip").waitFor({ state: "hidden" });
    await page.context().close();
  });
});
