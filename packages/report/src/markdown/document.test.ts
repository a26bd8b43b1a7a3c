import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { chartsOf } from "../charts.ts";
import { comparisonIn } from "../compare/facts.ts";
import { explainedInstants } from "../explained.ts";
import { hostFindings } from "../host/findings.ts";
import { vmNeeds } from "../rightsize/facts.ts";
import { sentences } from "../sentences.ts";
import { exampleRun, translationRun } from "../testing.ts";
import { runMarkdown } from "./document.ts";
import { answerTables } from "./tables.ts";
import { markdownText } from "./text.ts";

const run = exampleRun({ vms: ["a", "b"], samples: 12, isScarce: true, curves: "exact", needs: true, isCompared: true });
const markdown = runMarkdown(run, ({ name }) => `${name}.svg`);
const html = marked.parse(markdown, { async: false });

test("begins with the answer, and has every sentence of it", () => {
  expect(markdown).toMatch(/^## The answer\n\n/);
  for (const sentence of sentences(run)) expect(markdown).toContain(markdownText(sentence));
});

test("has every chart under its question, with its picture and how to read it", () => {
  const charts = chartsOf(run);
  expect(html.match(/<img /g)).toHaveLength(charts.length);
  for (const chart of charts) {
    expect(markdown).toContain(`\n## ${markdownText(chart.title)}\n\n![`);
    expect(markdown).toContain(`](${chart.name}.svg)\n\n${markdownText(chart.caption(run))}\n`);
  }
});

test("says what it was made of, and what was assumed", () => {
  expect(markdown).toContain("Window of active memory 1 s (as given), time scale 1, seed 1. Made by tidemark 0.1.0.");
  for (const line of run.manifest.assumed) expect(markdown).toContain(`- ${markdownText(line)}`);
});

describe("tables", () => {
  const tables = answerTables(run);
  const captioned = (words: string) => tables.filter(({ caption }) => caption.includes(words));
  /** `1,234` and `−5` as numbers. */
  const count = (cell: string | undefined): number => Number(cell?.replaceAll(",", "").replace("−", "-"));

  test("the ledger sums to the gap, and with active to consumed", () => {
    const explained = explainedInstants(run);
    const ledgers = captioned("the ledger");
    expect(ledgers).toHaveLength(explained.length);
    for (const [i, { rows }] of ledgers.entries()) {
      const pages = rows.map(([, each]) => count(each));
      const [gap = NaN, active = NaN, consumed = NaN] = pages.slice(-3);
      expect(pages.slice(0, -3).reduce((sum, each) => sum + each, 0)).toBeCloseTo(gap, 0);
      expect(gap + active).toBeCloseTo(consumed, 0);
      expect(consumed).toBeCloseTo(explained[i]?.counters.consumed ?? NaN, 0);
    }
  });

  test("are of the host, of sizes, of cases and of modes where the run has them, a row each", () => {
    expect(captioned("States of the host")[0]?.rows).toHaveLength(hostFindings(run)?.states.length ?? NaN);
    expect(captioned("memory sizes").map(({ rows }) => rows.length)).toEqual(vmNeeds(run).map(({ sizes }) => sizes.length));
    expect(captioned("All cases")[0]?.rows).toHaveLength(comparisonIn(run)?.cases.length ?? NaN);
    expect(captioned("what translation costs")[0]?.rows.map(([mode]) => mode)).toEqual([
      "native",
      "shadow",
      "shadow-lazy",
      "nested",
      "agile",
      "nested-flat",
    ]);
    expect(html.match(/<table>/g)).toHaveLength(tables.length);
  });

  test("a run of translation alone has its own, and no others", () => {
    expect(answerTables(translationRun()).map(({ caption }) => caption)).toEqual([expect.stringContaining("what translation costs")]);
  });
});
