import { curveBoundTable, curveFactsTable, tableOf } from "@tidemark/data";
import { describe, expect, test } from "vitest";
import { renderPage } from "../page.ts";
import { sentences } from "../sentences.ts";
import { exampleRun } from "../testing.ts";
import { boundSentence, curveSentences, isOnlyOfCurves, rowsIn } from "./words.ts";

/** As `curve` would give it: nothing but curves. */
function curvesAlone(curves: "exact" | "sampled", vms: readonly string[] = ["web"]) {
  const { manifest, tables } = exampleRun({ vms, samples: 2, instants: [], curves });
  return { manifest, tables: tables.filter(({ spec }) => spec.name.includes("curve")) };
}

describe("curves in words", () => {
  test("knee, what is enough, and a sentence per policy", () => {
    const [lru, fifo] = curveSentences(curvesAlone("exact"));
    expect(lru).toBe(
      "web under lru: the knee is at 51.2 MiB (13,107 pages), where 19 % of references miss; the smallest size within 5 % of the misses that memory for all 65,536 pages has is 204.8 MiB (52,429 pages; 66,179 misses).",
    );
    expect(fifo).toMatch(
      /^web under fifo, counted at 7 sizes: .*; none of the sizes asked for comes within 5 % of the misses that memory for all 65,536 pages has\.$/,
    );
  });

  test("a policy that was counted at some sizes is compared at those alone", () => {
    const [, , slru] = curveSentences(curvesAlone("exact"));
    expect(slru).toMatch(/^web under slru:segments=2, counted at 7 sizes: the knee is .*; the smallest of them within 5 % of /);
    const { manifest, tables } = curvesAlone("exact");
    const few = { manifest, tables: tables.filter(({ spec }) => spec.name !== "lru-curve") };
    expect(curveSentences(few)[0]).toMatch(/^web under lru, counted at 7 sizes: /);
  });

  test("the bound: what Belady's policy can do with, for each stall; estimated where it is sampled", () => {
    const run = curvesAlone("exact");
    expect(curveSentences(run)[4]).toBe(
      "web if the future is known: 203.1 MiB (52,000 pages) reads no page again, 197.3 MiB (50,500 pages) stalls no longer than 100 ms and " +
        "82 MiB (21,000 pages) stalls no longer than 10 s, at 150 µs a page-in; no policy that pages on demand does with less.",
    );
    expect(boundSentence(rowsIn(run)(curveBoundTable).slice(1, 2), 65_536, 656)).toMatch(
      /^web if the future is known, estimated from 656 pages: 197.3 MiB \(50,500 pages\) stalls no longer/,
    );
  });

  test("of a sample it is said, and of all VMs together", () => {
    expect(curveSentences(curvesAlone("sampled"))).toEqual([
      expect.stringMatching(/^web under lru, estimated from 656 pages: /),
      expect.stringMatching(/^all VMs on one host under lru, estimated from 656 pages: /),
    ]);
  });

  test("sizes that a sample does not resolve are no figures", () => {
    const sampledAs = (sampled: number, knee: number, enough: number): string | undefined => {
      const { manifest, tables } = curvesAlone("sampled");
      const [facts] = rowsIn({ tables })(curveFactsTable);
      const changed = tableOf(curveFactsTable, facts === undefined ? [] : [{ ...facts, sampled, knee, enough }]);
      return curveSentences({ manifest, tables: tables.map((table) => (table.spec.name === changed.spec.name ? changed : table)) })[0];
    };
    expect(sampledAs(7, 13_107, 52_429)).toBe(
      "web under lru, estimated from 7 pages: too few to say what memory is enough, since memory of fewer than 8 of them is not resolved.",
    );
    const below = "somewhere below 3.1 MiB (800 pages), where sizes are not resolved";
    expect(sampledAs(656, 799, 800)).toMatch(
      /: the knee is somewhere below 3\.1 MiB \(800 pages\), .*; the smallest size .* is 3\.1 MiB \(800 pages; /,
    );
    expect(sampledAs(656, 800, 799)).toMatch(/: the knee is at 3\.1 MiB .* is somewhere below 3\.1 MiB \(800 pages\), where sizes/);
    expect(sampledAs(656, 1, 1)).toContain(`the knee is ${below}; `);
    const [bound] = rowsIn(curvesAlone("exact"))(curveBoundTable);
    const boundAs = (pages: number, sampled: number): string =>
      boundSentence(bound === undefined ? [] : [{ ...bound, pages }], 65_536, sampled);
    expect(boundAs(799, 656)).toContain(": less than 3.1 MiB (how much is not resolved) reads no page again");
    expect(boundAs(800, 656)).toContain(": 3.1 MiB (800 pages) reads no page again");
    expect(boundAs(800, 7)).toContain("if the future is known, estimated from 7 pages: too few to say");
  });

  test("a run of nothing else is told from others", () => {
    expect([curvesAlone("exact"), exampleRun({ curves: "exact" }), exampleRun()].map(isOnlyOfCurves)).toEqual([true, false, false]);
  });

  test("are what such a run has to say, in sentences and on its page, which has no ledger", () => {
    const run = curvesAlone("exact", ["a", "b"]);
    expect(sentences(run)).toEqual(curveSentences(run));
    const page = renderPage(run);
    expect(page).toContain("<h1>How small 2 VMs can be before it hurts</h1>");
    expect(page).toContain("a under lru: the");
    expect(page).not.toMatch(/No instant was explained|id="ledger"|Sampled every|class of the ledger/);
    expect(page).toContain("How small can the VM be before it hurts?");
  });
});
