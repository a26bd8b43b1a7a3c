import { rowsOf, tableOf, translationCostTable, pickTable } from "@tidemark/data";
import { expect, test } from "vitest";
import { exampleRun, translationRun } from "./testing.ts";
import { translationAnswers } from "./translation-sentences.ts";

test("names the cheapest mode and what it spends its time on, the others, the baseline, the walks and the proposals", () => {
  expect(translationAnswers(exampleRun()).map(({ text }) => text)).toEqual([
    "On skylake with 4k/4k pages (guest/host), nested paging is the cheapest for alloc-4k: 2.24 cycles per access (36 % of run time), 78 % of that for EPT violations. " +
      "Of 1,000 accesses 3 miss the TLBs, and a page walk takes 4.70 memory references on average. " +
      "Other modes: shadow-lazy 4.49 (53 %), shadow 5.02 (56 %); without a hypervisor: native 0.22 (5.1 %); research proposals: agile 2.50 (38 %), nested-flat 2.15 (35 %).",
  ]);
});

test("one per VM, page sizes and core; none without tables", () => {
  const ways = [
    ["4k/4k", "skylake"],
    ["2m/2m", "zen4"],
  ] as const;
  const answers = translationAnswers(translationRun({ vms: ["a", "b"], translated: ways }));
  expect(answers.map(({ vm, text }) => `${vm} ${text.slice(0, 29)}`)).toEqual([
    "a On skylake with 4k/4k pages (",
    "a On zen4 with 2m/2m pages (gue",
    "b On skylake with 4k/4k pages (",
    "b On zen4 with 2m/2m pages (gue",
  ]);
  for (const { text, cost } of answers) expect(text.startsWith(cost)).toBe(true);
  expect(translationAnswers(exampleRun({ translated: [] }))).toEqual([]);
});

test("with native alone it speaks of that", () => {
  const run = translationRun();
  const table = pickTable(run.tables, translationCostTable);
  const rows = (table === undefined ? [] : rowsOf(table)).filter(({ mode }) => mode === "native");
  const [answer] = translationAnswers({ ...run, tables: [tableOf(translationCostTable, rows)] });
  expect(answer?.text).toBe(
    "On skylake with 4k/4k pages (guest/host), translation without a hypervisor (native) costs alloc-4k 0.22 cycles per access (5.1 % of run time), 71 % of that for guest or shadow table walks.",
  );
});
