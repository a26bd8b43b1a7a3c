import { expect, test } from "vitest";
import { renderPage } from "./page.ts";
import { kindMethods, kindTerms } from "./page-kinds.ts";
import { exampleRun, translationRun } from "./testing.ts";

const nothing = exampleRun({ samples: 4 });

test("each kind of figures says how it comes about, and explains its words, each once", () => {
  expect([kindMethods(nothing), kindTerms(nothing)]).toEqual([[], []]);
  const all = exampleRun({ samples: 4, curves: "exact", needs: true, isCompared: true });
  expect(kindMethods(all)).toHaveLength(3);
  const words = kindTerms(all).map(([word]) => word);
  expect(words).toEqual([...new Set(words)]);
  expect(words).toEqual(expect.arrayContaining(["miss", "knee", "working set", "page-in", "baseline", "beaten"]));
});

test("a page of one kind alone has its method and its words, and none has empty sections", () => {
  const { manifest, tables } = exampleRun({ samples: 4, curves: "exact" });
  const curves = { manifest, tables: tables.filter(({ spec }) => spec.name.startsWith("curve") || spec.name.startsWith("miss")) };
  for (const run of [curves, translationRun()]) {
    const page = renderPage(run);
    expect(page).toMatch(/id="method">[^<]*<\/h2>\s*<p>/);
    expect(page).toMatch(/<dl class="glossary">\s*<dt>/);
  }
});
