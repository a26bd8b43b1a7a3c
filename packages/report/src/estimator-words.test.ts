import { estimatesTable, pickTable, rowsOf, tableOf, timelineTable, type Row, type Run } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { estimatorErrors, estimatorSentences } from "./estimator-words.ts";
import { renderPage } from "./page.ts";
import { exampleRun } from "./testing.ts";

type Estimate = Row<typeof estimatesTable.columns>;

const S = 1e9;
const run = exampleRun({ samples: 8, translated: [] });
const estimate = (second: number, reported: number, band: number, estimator = "esx-sampler"): Estimate => ({
  time: second * S,
  vm: "alloc-4k",
  estimator,
  reported,
  slow: NaN,
  fast: NaN,
  next: NaN,
  low: reported - band,
  high: reported + band,
});
/** The example's rows of whole seconds, with 1,000 pages active in each. */
const table = pickTable(run.tables, timelineTable);
const timeline = (table === undefined ? [] : rowsOf(table)).map((row) => ({ ...row, active: 1_000 }));
/** No report, too low by 400, too high by 100 within its band, exact. */
const estimates = [estimate(0, NaN, NaN), estimate(1, 600, 50), estimate(2, 1_100, 200), estimate(3, 1_000, 0)];

const estimated = (rows: readonly Estimate[], manifest: Partial<Run["manifest"]> = {}): Run => ({
  manifest: { ...run.manifest, ...manifest },
  tables: [
    ...run.tables.filter(({ spec }) => spec.name !== estimatesTable.name && spec.name !== timelineTable.name),
    tableOf(timelineTable, timeline),
    tableOf(estimatesTable, rows),
  ],
});

test("errors are counted where there is a report, by their side, with the worst of each", () => {
  expect(estimatorErrors(estimates, timeline)).toEqual([
    {
      estimator: "esx-sampler",
      samples: 3,
      offPages: 500 / 3,
      meanPages: -100,
      tooLow: 1,
      tooHigh: 1,
      lowest: { timeNs: S, errorPages: -400 },
      highest: { timeNs: 2 * S, errorPages: 100 },
      banded: 3,
      inBand: 2,
    },
  ]);
});

describe("the sentences", () => {
  const scenario = { estimator: { name: "esx-sampler", pages: 100, slow: 0.15 } };

  test("name the estimator that reports, its parameters, what it missed, and the caveat", () => {
    const beside = [estimate(1, 1_000, NaN, "abit-scan")];
    expect(estimatorSentences(estimated([...estimates, ...beside], { scenario, seed: 7 }))).toEqual([
      "Active memory as reported is what the estimator esx-sampler says (pages=100, slow=0.15, period=1 s, which is the window); abit-scan runs beside it for comparison only. " +
        "A report is of the period that ended last, so it comes late, and before the first there is none. It looks at pages drawn with seed 7: another seed gives other errors.",
      "alloc-4k, over the run: esx-sampler is off by 666.7 KiB on average: it reports too little at 1 of 3 samples, missing up to 1.6 MiB, at 1 s, " +
        "and too much at 1 of 3, by up to 400 KiB, at 2 s. What is active lies in its 95 % band at 2 of 3. abit-scan is off by 0 KiB on average.",
    ]);
  });

  test("say so where every report is exact", () => {
    expect(estimatorSentences(estimated([estimate(1, 1_000, 50), estimate(2, 1_000, 50)]))[1]).toBe(
      "alloc-4k, over the run: esx-sampler reports exactly what is active at all samples.",
    );
  });

  test("tell a period that was given, and the window's in hypervisor time", () => {
    const given = { estimator: { name: "esx-sampler", period: 30 * S } };
    expect(estimatorSentences(estimated(estimates, { scenario: given }))[0]).toContain("says (period=30 s). ");
    expect(estimatorSentences(estimated(estimates, { scenario, timeScale: 60 }))[0]).toContain("period=1 min, which is the window)");
  });

  test("are none where nothing was reported, and say of a scan nothing about seeds", () => {
    expect(estimatorSentences(estimated([estimate(0, NaN, NaN)]))).toEqual([]);
    expect(estimatorSentences({ ...run, tables: [] })).toEqual([]);
    expect(estimatorSentences(estimated([estimate(1, 900, NaN, "abit-scan")]))[0]).not.toContain("seed");
  });

  test("stand in the page's answer, of several VMs in a list", () => {
    const answer = (page: string): string => page.slice(page.indexOf('id="answer"'), page.indexOf("</section>")).replaceAll("\u00a0", " ");
    expect(answer(renderPage(estimated(estimates)))).toMatch(
      /<p>Active memory as reported is [^<]*<a href="#chart-estimators">[^]*<p>alloc-4k, over the run: esx-sampler /,
    );
    expect(answer(renderPage(exampleRun({ vms: ["a", "b"] })))).toMatch(/<li>a, over the run: [^<]*<\/li>\s*<li>b, over the run: /);
  });
});
