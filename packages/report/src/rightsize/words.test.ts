import { rowsOf, SIZE_BASES, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { renderPage } from "../page.ts";
import { sentences } from "../sentences.ts";
import { exampleRun } from "../testing.ts";
import { isOnlyOfNeeds } from "./facts.ts";
import { basisWords, needSentences } from "./words.ts";

const NAMES = ["working-set", "right-size", "oracle", "oracle-time"];

/** As `rightsize` would give it: nothing else. */
function needsAlone(vms: readonly string[] = ["web"]) {
  const { manifest, tables } = exampleRun({ vms, samples: 2, instants: [], needs: true });
  return { manifest: { ...manifest, windowNs: 5e8 }, tables: tables.filter(({ spec }) => NAMES.includes(spec.name)) };
}

describe("what a VM needs, in words", () => {
  test("what it works on, what two sizes would have cost, what no policy can beat", () => {
    expect(needSentences(needsAlone())).toEqual([
      "web touches 219.8 MiB (56,275 pages) in all; in a window of 500 ms it touches 15.7 MiB on average and 58.8 MiB at most. " +
        "With the 76.8 MiB that are reported active at most it would have read 39,356 pages again and waited 5.9 s (84 %); " +
        "with 133.7 MiB, where LRU misses at most 5 % more than with memory for all, it would have read 2,808 pages again and waited 421 ms (6 %). " +
        "Had the future been known, 80 % of the 156.3 MiB that it holds on average if nothing is taken could have been free without any page-in, " +
        "and 90 % for 100 ms of stall (666 pages read again): no policy that only takes pages and reads them again saves more. " +
        "Given one size all the time, 135.9 MiB (34,797 pages) would have done without any page-in, 132.4 MiB (33,900 pages) for 100 ms of stall (666 pages read again).",
    ]);
  });

  test("every size has words of its own", () => {
    const words = SIZE_BASES.map((basis) => basisWords({ basis, window: 60e9, extra: 5 }));
    expect(new Set(words).size).toBe(SIZE_BASES.length);
    expect(words).toContain("working set of 1 min, largest");
    expect(words).toContain("LRU, misses + 5 %");
    for (const basis of SIZE_BASES) if (basis !== "configured") expect(words).not.toContain(basis);
  });

  test("where nothing was estimated and no stall is allowed, neither is spoken of", () => {
    const { manifest, tables } = needsAlone();
    const without = tables.map((table) =>
      tableOf(
        table.spec,
        rowsOf(table).filter(
          (row) => !/^(reported|enough)/.test(String(row["basis"])) && (table.spec.name !== "oracle" || row["stall"] === 0),
        ),
      ),
    );
    const [said] = needSentences({ manifest, tables: without });
    expect(said).toContain("58.8 MiB at most. Had the future been known, 80 % of");
    expect(said).toContain("without any page-in: no policy");
  });

  test("are what such a run has to say, in sentences and on its page, which has the tables and no ledger", () => {
    const run = needsAlone(["a", "b"]);
    expect([run, exampleRun({ needs: true }), exampleRun()].map(isOnlyOfNeeds)).toEqual([true, false, false]);
    expect(sentences(run)).toEqual(needSentences(run));
    const page = renderPage(run);
    expect(page).toContain("<h1>How much memory 2 VMs need</h1>");
    expect(page.match(/working set of 500 ms, largest/g)).toHaveLength(2);
    expect(page).toContain("Window of active memory");
    expect(page).toContain("b: the least memory that can be held on average");
    expect(page).not.toMatch(/No instant was explained|id="ledger"|Sampled every|class of the ledger/);
    expect(renderPage(needsAlone())).toContain("<h1>How much memory web needs</h1>");
  });
});
