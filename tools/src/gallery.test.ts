import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRun, type Run } from "@tidemark/data";
import { charts, chartsOf } from "@tidemark/report";
import { afterAll, expect, test } from "vitest";
import { cloneLike, gallery, SHOWN } from "./gallery.ts";

// What docs/gallery and docs/questions.md show, run once for both.
const docs = join(import.meta.dirname, "../../docs");
const clone = cloneLike();
afterAll(() => clone.remove());

test("every chart is in the gallery, once", () => {
  expect(SHOWN.flatMap((shown) => shown.charts).sort()).toEqual(charts.map(({ name }) => name).sort());
});

test("docs/gallery is what the charts draw today (pnpm gallery writes it)", async () => {
  const files = await gallery(clone);
  const folder = join(docs, "gallery");
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  const drifted = [...files].filter(([name, content]) => readFileSync(join(folder, name), "utf8") !== content).map(([name]) => name);
  expect(drifted).toEqual([]);
}, 600_000);

const [intro = "", ...questions] = readFileSync(join(docs, "questions.md"), "utf8").split(/^## /m);
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, lines = ""]) => lines.trim().split("\n"));

/** "In `four.run`: charts `a`, `b`; table `c`." */
function answersIn(
  text: string,
): readonly { readonly run: string; readonly charts: readonly string[]; readonly tables: readonly string[] }[] {
  const named = (words: string): readonly string[] => [...words.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  return [...text.matchAll(/In `([\w.-]+)`: ([^.]*)\./g)].map(([, run = "", said = ""]) => {
    const parts = said.split("; ");
    const of = (kind: string): readonly string[] => parts.filter((part) => part.startsWith(kind)).flatMap(named);
    return { run, charts: of("charts"), tables: of("table") };
  });
}

test("all fifteen questions are there, each with a chart and a table that are in the gallery", () => {
  expect(questions.map((text) => Number.parseInt(text, 10))).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  const shown = new Set(SHOWN.flatMap((each) => each.charts));
  for (const text of questions) {
    const answers = answersIn(text);
    expect(answers.flatMap((each) => each.charts).length, text).toBeGreaterThan(0);
    expect(answers.flatMap((each) => each.tables).length, text).toBeGreaterThan(0);
    for (const { charts: named } of answers) for (const name of named) expect(shown.has(name), name).toBe(true);
  }
});

test("every command works on the bundled captures, and its run has the charts and tables that answer", async () => {
  for (const line of commandsIn(intro)) clone.run(line);
  const runs = new Map<string, Run>();
  for (const text of questions) {
    for (const line of commandsIn(text)) clone.run(line);
    for (const { run: name, charts: named, tables } of answersIn(text)) {
      const run = runs.get(name) ?? (await readRun(join(clone.path, name)));
      runs.set(name, run);
      const drawn = chartsOf(run).map((chart) => chart.name);
      for (const each of named) expect(drawn, `${text.split("\n")[0]}: ${name}`).toContain(each);
      for (const each of tables) expect(run.tables.find(({ spec }) => spec.name === each)?.length, `${name}: ${each}`).toBeGreaterThan(0);
    }
  }
}, 600_000);
