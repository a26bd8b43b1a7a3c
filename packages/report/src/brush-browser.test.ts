import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gapTable, LEDGER_CLASSES, pickTable, rowsOf, tableOf, timelineTable, type Row, type Run } from "@tidemark/data";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, pagesInBrowser, scrollTo } from "./browser/testing.ts";
import { charts } from "./charts.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

const run = exampleRun({ samples: 71, heatBins: [12, 8], isScarce: true });
const html = renderPage(run);

type Sample = Row<typeof timelineTable.columns>;
const timelineOf = ({ tables }: Run): readonly Sample[] => {
  const table = pickTable(tables, timelineTable);
  return table === undefined ? [] : rowsOf(table);
};
const sampleAt = (timeNs: number): Sample | undefined => timelineOf(run).find(({ time }) => time === timeNs);
/** Pages by class at a sample, from the run's own table. */
function classesAt(timeNs: number): { readonly [cls: string]: number } {
  const gap = pickTable(run.tables, gapTable);
  const rows = gap === undefined ? [] : rowsOf(gap).filter(({ time }) => time === timeNs);
  const gapClasses = LEDGER_CLASSES.filter((cls) => cls !== "active");
  return Object.fromEntries(
    gapClasses.map((cls) => [cls, rows.filter((row) => row.class === cls).reduce((sum, { pages }) => sum + pages, 0)]),
  );
}

/** The page's ledger table as it stands. */
interface Ledger {
  readonly classes: { readonly [cls: string]: number };
  readonly totals: { readonly [total: string]: number };
  readonly changes: { readonly [row: string]: number };
  /** As they are printed. */
  readonly printed: { readonly [row: string]: string };
}
const ledgerIn = (page: Page): Promise<Ledger> =>
  page.evaluate(`(() => {
    const rows = [...document.querySelectorAll("[data-block=ledger] tr[data-class], [data-block=ledger] tr[data-total]")];
    const nameOf = (row) => row.dataset.class ?? row.dataset.total;
    const of = (own, value) => Object.fromEntries(own.map((row) => [nameOf(row), value(row)]));
    return {
      classes: of(rows.filter((row) => row.dataset.class), (row) => Number(row.dataset.pages)),
      totals: of(rows.filter((row) => row.dataset.total), (row) => Number(row.dataset.pages)),
      changes: of(rows.filter((row) => row.querySelector("[data-change]")), (row) => Number(row.querySelector("[data-change]").dataset.change)),
      printed: of(rows, (row) => row.querySelector("td").textContent),
    };
  })()`);

const later = <R extends { readonly time: number }>(row: R): R => ({ ...row, time: row.time + 33 });

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The interval that the page explains, ns; waits until all of it does. */
async function explained(page: Page): Promise<readonly [from: number, to: number]> {
  await page.waitForFunction("(document.documentElement.dataset.explained ?? '') !== ''");
  const [from = NaN, to = NaN] = String(await page.evaluate("document.documentElement.dataset.explained"))
    .split(" ")
    .map(Number);
  return [from, to];
}

function expectClosed({ classes, totals, printed }: Ledger, toNs: number): void {
  const sample = sampleAt(toNs);
  expect(sample).toBeDefined();
  expect(classes).toEqual(classesAt(toNs));
  expect(sum(Object.values(classes))).toBe(totals["gap"]);
  expect((totals["gap"] ?? NaN) + (totals["active"] ?? NaN)).toBe(totals["consumed"]);
  expect(totals["consumed"]).toBe(sample?.consumed);
  expect(totals["active"]).toBe(sample?.active);
  // And so do the numbers as they are read.
  const read = (name: string): number => Number(printed[name]?.replaceAll(",", "").replace("−", "-"));
  expect(sum(Object.keys(classes).map(read))).toBe(read("gap"));
  expect(read("gap") + read("active")).toBe(read("consumed"));
}

async function drag(page: Page, over: Locator, from: number, to: number): Promise<void> {
  await scrollTo(over);
  const { x, y, width, height } = (await over.boundingBox()) ?? { x: NaN, y: NaN, width: NaN, height: NaN };
  await page.mouse.move(x + from * width, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + ((from + to) / 2) * width, y + height / 2);
  await page.mouse.move(x + to * width, y + height / 2);
  await page.mouse.up();
}

describe.skipIf(!hasChromium)(`the time brush in a browser (${CHROMIUM})`, () => {
  let pages: Awaited<ReturnType<typeof pagesInBrowser>>;
  let url = "";
  beforeAll(async () => {
    pages = await pagesInBrowser();
    url = pages.write("brushed", html);
  });
  afterAll(() => pages.close());

  test("an interval dragged over the timeline is explained everywhere, and its sums close", async () => {
    const { page, heard } = await pages.open(url);
    const before = await page.locator("main").innerText();
    const line = await page.locator(".line").getAttribute("aria-label");
    const waterfall = page.locator(`.chart[data-chart="${charts.findIndex(({ name }) => name === "waterfall")}"]`);
    const bars = await waterfall.getAttribute("aria-label");

    await drag(page, page.locator(".overview"), 0.2, 0.6);
    const [fromNs, toNs] = await explained(page);
    expect([fromNs / 1e9, toNs / 1e9].map((s) => Math.abs(s - (s < 2.8 ? 1.4 : 4.2)) < 0.1)).toEqual([true, true]);
    const ledger = await ledgerIn(page);
    expectClosed(ledger, toNs);
    const past = { ...classesAt(fromNs), active: sampleAt(fromNs)?.active ?? NaN, consumed: sampleAt(fromNs)?.consumed ?? NaN };
    for (const [name, pages] of Object.entries({ ...ledger.classes, active: ledger.totals["active"], consumed: ledger.totals["consumed"] }))
      expect(ledger.changes[name], name).toBe((pages ?? NaN) - (past[name as keyof typeof past] ?? NaN));
    expect(await page.locator(".line").getAttribute("aria-label")).not.toBe(line);
    expect(await waterfall.getAttribute("aria-label")).not.toBe(bars);
    expect((await page.locator(".answer").first().innerText()).replaceAll("\u00a0", " ")).toMatch(
      /^From 1\.4 s to 4\.2 s consumed memory of alloc-4k grows by/,
    );
    for (const band of await page.locator(".over-time .band").all()) expect((await band.boundingBox())?.width).toBeGreaterThan(100);
    expect(await page.locator(".over-time .band").count()).toBeGreaterThan(5);

    await page.getByRole("button", { name: "Reset" }).click();
    await page.waitForFunction("document.documentElement.dataset.explained === ''");
    expect(await page.locator("main").innerText()).toBe(before);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("all up to the instant that was asked for says of it what the page said at first, in heading and tab too", async () => {
    const asked = exampleRun({ samples: 71, instants: ["4s"], heatBins: [6, 4] });
    // The samples lie 33 ns after, where the estimator has reported anew.
    const tables = asked.tables.map((table) => {
      const [timeline, gap] = [pickTable([table], timelineTable), pickTable([table], gapTable)];
      if (gap !== undefined) return tableOf(gapTable, rowsOf(gap).map(later));
      if (timeline === undefined) return table;
      const rows = rowsOf(timeline).map((row) => ({ ...later(row), activeReported: row.activeReported / 2 }));
      return tableOf(timelineTable, rows);
    });
    const { page } = await pages.open(pages.write("asked", renderPage({ ...asked, tables })));
    const answer = page.locator(".answer").first();
    const [before, title] = [await answer.innerText(), await page.title()];
    const to = page.getByRole("slider", { name: "To" });
    const read = page.locator("label", { has: to }).locator("output");
    await to.focus();
    await page.keyboard.press("End");
    for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowLeft");
    await page.waitForFunction("document.documentElement.dataset.explained?.endsWith(' 4000000000')");
    expect(await read.innerText()).toBe("4 s");
    expect((await answer.innerText()).slice(-before.length)).toBe(before);
    expect(await page.title()).toBe(title);
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction("document.documentElement.dataset.explained?.endsWith(' 3900000033')");
    expect(await page.title()).not.toBe(title);
    expect((await page.locator("h1").innerText()).replaceAll("\u00a0", " ")).toBe(await page.title());
    await page.getByRole("button", { name: "Reset" }).click();
    await page.waitForFunction("document.documentElement.dataset.explained === ''");
    expect(await page.title()).toBe(title);
    await page.context().close();
  });

  test("charts over time take the brush too", async () => {
    const { page } = await pages.open(url);
    await drag(page, page.locator(".chart.over-time").nth(2), 0.3, 0.5);
    const [fromNs, toNs] = await explained(page);
    expect(toNs).toBeGreaterThan(fromNs);
    // Its ends are samples, and everything that names them says the same.
    const ends = [fromNs, toNs].map((ns) => `${ns / 1e9} s`);
    expect([sampleAt(fromNs), sampleAt(toNs)]).not.toContain(undefined);
    expect(await page.locator(".sliders output").allInnerTexts()).toEqual(ends);
    expect(await page.locator(".brush-said").innerText()).toContain(`Explaining ${ends.join(" to ")}.`);
    const { totals } = await ledgerIn(page);
    const last = timelineOf(run).findLast(({ time }) => time <= toNs);
    expect(totals["consumed"]).toBe(last?.consumed);
    await page.context().close();
  });

  test("it works by keyboard alone: sliders, and the cursor of a chart", async () => {
    const { page } = await pages.open(url);
    const [from, to] = [page.getByRole("slider", { name: "From" }), page.getByRole("slider", { name: "To" })];
    expect(await page.locator(".sliders output").allInnerTexts()).toEqual(["–", "–"]);
    expect(await from.getAttribute("aria-valuetext")).toBe("no interval selected");
    await from.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    expect((await explained(page))[0]).toBe(1e9);
    expect(await from.getAttribute("aria-valuetext")).toBe("1 s");
    await to.focus();
    await page.keyboard.press("Home");
    await page.waitForFunction("document.documentElement.dataset.explained === '0 0'");
    expectClosed(await ledgerIn(page), 0);

    const chart = page.locator(".chart.over-time").nth(1);
    await chart.focus();
    const scrolled = await page.evaluate("scrollY");
    for (const key of ["Home", "End", "ArrowLeft"]) await page.keyboard.press(key);
    expect(await page.evaluate("new Promise((next) => setTimeout(() => next(scrollY), 300))")).toBe(scrolled);
    await page.keyboard.press("Enter");
    await page.waitForFunction("document.documentElement.dataset.explained === '6900000000 6900000000'");
    expect(await page.locator(".tip").innerText()).toContain("6.9 s");
    expectClosed(await ledgerIn(page), 6.9e9);
    await page.keyboard.press("Escape");
    await page.waitForFunction("document.documentElement.dataset.explained === ''");
    await page.context().close();
  });

  test("it works by touch", async () => {
    const { page } = await pages.open(url, { hasTouch: true, viewport: { width: 400, height: 800 } });
    await scrollTo(page.locator(".overview"));
    const { x, y, width, height } = (await page.locator(".overview").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.touchscreen.tap(x + width / 2, y + height / 2);
    expect(await explained(page)).toEqual([3.5e9, 3.5e9]);
    expectClosed(await ledgerIn(page), 3.5e9);
    await page.context().close();
  });

  test("jumps lead to the peaks, and to the host's first change of state", async () => {
    const { page } = await pages.open(url);
    const rows = timelineOf(run);
    const first = (of: (row: Sample) => number): number | undefined => rows.find((row) => of(row) === Math.max(...rows.map(of)))?.time;
    for (const [name, timeNs] of [
      ["Peak consumed", first(({ consumed }) => consumed)],
      ["Peak gap", first(({ consumed, active }) => consumed - active)],
      ["First state change", 2e9],
    ] as const) {
      await page.getByRole("button", { name }).click();
      await page.waitForFunction(`document.documentElement.dataset.explained === '${timeNs} ${timeNs}'`);
      expectClosed(await ledgerIn(page), timeNs ?? NaN);
    }
    await page.context().close();
  });

  test("with several VMs all are explained, whichever is picked", async () => {
    const several = exampleRun({ vms: ["a", "b"], instants: ["2.5s", "7s"], samples: 71, heatBins: [6, 4] });
    const { page, heard } = await pages.open(pages.write("several", renderPage(several)));
    await page.getByRole("button", { name: "Peak consumed" }).click();
    const [, toNs] = await explained(page);
    const answers = page.locator("[data-block=answer] .answer:visible");
    expect(await answers.count()).toBe(2);
    for (const [v, vm] of ["a", "b"].entries()) {
      const consumed = timelineOf(several).find((row) => row.vm === vm && row.time === toNs)?.consumed;
      expect(await page.locator(`#row-${v}-0-consumed`).getAttribute("data-pages")).toBe(String(consumed));
      expect(await answers.nth(v).innerText()).toContain(` ${vm} consumes `);
    }
    await page.getByRole("button", { name: "Reset" }).click();
    await page.waitForFunction("document.documentElement.dataset.explained === ''");
    expect(await answers.count()).toBe(4);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("a hostile VM name stays a name where the page is written anew", async () => {
    const name = `</script><img src=x onerror="document.title='owned'">`;
    const hostile = exampleRun({ vms: [name, "b"], instants: ["7s"], samples: 20, heatBins: [6, 4] });
    const { page, heard } = await pages.open(pages.write("hostile", renderPage(hostile)));
    await page.getByRole("button", { name: "Peak gap" }).click();
    await explained(page);
    expect(await page.locator("[data-block=answer] .answer").first().innerText()).toContain(name);
    expect(await page.locator("img").count()).toBe(0);
    expect(heard).toEqual([]);
    await page.context().close();
  });

  test("a number in a sentence leads to its rows, in the panel of its VM", async () => {
    const several = exampleRun({ vms: ["a", "b"], samples: 20, heatBins: [6, 4] });
    const { page } = await pages.open(pages.write("linked", renderPage(several)));
    const links = page.locator("a[data-rows]");
    const targets: readonly string[] = await links.evaluateAll((all) =>
      all.flatMap((link) => (link as HTMLElement).dataset["rows"]?.split(" ") ?? []),
    );
    expect(targets.length).toBeGreaterThan(20);
    for (const id of new Set(targets)) expect(await page.locator(`[id="${id}"]`).count(), id).toBe(1);
    await page.locator('[data-block=answer][data-of="1"] a[data-rows="row-1-0-freed"]').first().click();
    const row = page.locator("#row-1-0-freed");
    expect(await row.isVisible()).toBe(true);
    expect(await row.getAttribute("class")).toContain("lit");
    await page.context().close();
  });

  test("hovering tells exact pages and bytes: of a chart over time those of its CSV, of a bar those of its row", async () => {
    const { page } = await pages.open(url);
    const chart = page.locator(`.chart[data-chart="${charts.findIndex(({ name }) => name === "counters")}"]`);
    await scrollTo(chart);
    const { x, y, width } = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + width * 0.5, y + 150);
    const [time = "", ...lines] = (await page.locator(".tip").innerText()).split("\n");
    const sample = timelineOf(run).find((row) => `${row.time / 1e9} s` === time);
    expect(sample?.consumed).toBeGreaterThan(0);
    const exact = (pages: number): string => `${pages.toLocaleString("en-US")} pages, ${(pages * 4096).toLocaleString("en-US")} bytes`;
    for (const [name, words] of [
      ["configured", "configured"],
      ["granted", "granted"],
      ["consumed", "consumed"],
      ["active", "active, true"],
      ["activewrite", "active write, true"],
    ] as const)
      expect(lines.find((line) => line.startsWith(`${words}: `))).toContain(exact(sample?.[name] ?? NaN));
    for (const line of lines) expect(line).toMatch(/: unknown$|: [\d,]+ pages, [\d,]+ bytes \(/);
    const bar = page.locator("[data-chart='0'] .mark-rect.layer_1_marks path").nth(2);
    await scrollTo(bar);
    await bar.hover();
    const freed = Number(await page.locator("#row-0-0-freed").getAttribute("data-pages"));
    expect(await page.locator(".tip").innerText()).toContain(exact(freed));
    await page.context().close();
  });

  test.each(["light", "dark"] as const)("axe finds no serious violation, %s", async (colorScheme) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const { page } = await pages.open(url, { colorScheme });
    await page.evaluate(axe);
    const found = async (): Promise<readonly string[]> =>
      page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
        violations.filter(({ impact }) => impact === "serious" || impact === "critical")
          .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => id + ": " + html.slice(0, 160) + " " + failureSummary)))`);
    expect(await found()).toEqual([]);
    await drag(page, page.locator(".overview"), 0.2, 0.6);
    await explained(page);
    expect(await found()).toEqual([]);
    await page.context().close();
  });
});
